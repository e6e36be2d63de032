/**
 * For tests: a daemon in small. Starts the machines named in its arguments, prints their entrances
 * as one line of JSON, and then stays until its input ends or somebody kills it.
 *
 * usage: node fixture.test-program.ts FOLDER NAME…
 */
import { join } from 'node:path'
import { writeEntrance } from './entrance.ts'
import { openTestAzure } from './fixture.azure.ts'

const [folder = '', ...names] = process.argv.slice(2)
const { machines } = await openTestAzure(join(folder, 'machines'))
const start = (name: string) =>
  machines.start({ key: name, hostName: name, files: name, kind: 'virtual-machine' })
await Promise.all(names.map(start))
const entrances = names.map((name) => JSON.parse(writeEntrance(machines.entrance(name))))
process.stdout.write(`${JSON.stringify(entrances)}\n`)
process.stdin.resume().on('end', () => void machines.close().then(() => process.exit(0)))
