/**
 * For tests: the part of the command line that enters a machine.
 *
 * usage: node fixture.enter-program.ts ENTRANCE [--root] -- COMMAND…
 */
import { Failure } from '../base/failure.ts'
import { enter } from './enter.ts'
import { readEntrance } from './entrance.ts'

const [entrance = '', ...rest] = process.argv.slice(2)
const argv = rest.slice(rest.indexOf('--') + 1)
const root = rest[0] === '--root'
try {
  process.exitCode = await enter(readEntrance(entrance), { argv, root }, process.env)
} catch (error) {
  process.stderr.write(`${error instanceof Failure ? error.code : String(error)}\n`)
  process.exitCode = 125
}
