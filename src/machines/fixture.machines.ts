/** For tests: machines in a folder of their own, and what one says in them. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestAzure, type TestAzure } from './fixture.azure.ts'
import type { Machine, MachineUser } from './machine.ts'

export interface TestMachines extends TestAzure {
  /** The data folder, of which the machines' is a part. */
  readonly folder: string
  readonly machinesFolder: string
  start(name: string): Promise<Machine>
  /** The script's standard output. What went to standard error is shown when it fails. */
  say(name: string, script: string, user?: MachineUser): Promise<string>
  /** The script's exit code alone. */
  codeOf(name: string, script: string, user?: MachineUser): Promise<number>
  close(): Promise<void>
}

export async function openTestMachines(): Promise<TestMachines> {
  const folder = mkdtempSync(join(tmpdir(), 'locum-'))
  const machinesFolder = join(folder, 'machines')
  const azure = await openTestAzure(machinesFolder)
  const run = (name: string, script: string, user: MachineUser = 'azureuser') =>
    azure.machines.run(name, { argv: ['/bin/sh', '-c', script], user })
  return {
    ...azure,
    folder,
    machinesFolder,
    start: (name) =>
      azure.machines.start({ key: name, hostName: name, files: name, kind: 'virtual-machine' }),
    say: async (name, script, user) => {
      const { code, stdout, stderr } = await run(name, script, user)
      assert.equal(code, 0, `${script}: ${stderr}`)
      return stdout.trimEnd()
    },
    codeOf: async (name, script, user) => (await run(name, script, user)).code,
    close: async () => {
      await azure.machines.close()
      rmSync(folder, { recursive: true })
    },
  }
}
