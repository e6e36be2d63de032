import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { Failure } from '../base/failure.ts'
import { openTestAzure, type TestAzure } from './fixture.azure.ts'
import type { LoopbackMachine, Machine } from './machine.ts'

describe('a machine where no sandbox can be had', () => {
  const folder = mkdtempSync(join(tmpdir(), 'locum-loopback-'))
  let azure: TestAzure
  let first: LoopbackMachine
  let second: LoopbackMachine

  before(async () => {
    azure = await openTestAzure(join(folder, 'machines'), { mode: 'loopback' })
    first = weak(await start('vm1'))
    second = weak(await start('vm2'))
  })
  after(async () => {
    await azure.machines.close()
    rmSync(folder, { recursive: true })
  })

  const start = (name: string) =>
    azure.machines.start({ key: name, hostName: name, files: name, kind: 'virtual-machine' })

  test('is openly weak, in its own value and in the list', () => {
    for (const machine of azure.machines.list()) assert.match(weak(machine).weakness, /weak/)
  })

  test('has a port and a secret of its own, which printing does not show', () => {
    assert.notEqual(first.port, second.port)
    assert.match(first.secret.reveal(), /^[0-9a-f]{64}$/)
    assert.notEqual(first.secret.reveal(), second.secret.reveal())
    const printed = JSON.stringify(first) + inspect(first) + inspect(azure.machines.entrance('vm1'))
    assert.equal(printed.includes(first.secret.reveal()), false)
  })

  test('is known by its port', async () => {
    for (const machine of [first, second]) {
      const answer = await fetch(`http://127.0.0.1:${machine.port}/msi/token`)
      assert.equal(((await answer.json()) as { machine: string }).machine, machine.key)
    }
  })

  test('is entered by variables', () => {
    const entrance = azure.machines.entrance('vm1')
    assert.equal(entrance.mode, 'loopback')
    assert.deepEqual(entrance.environment.reveal(), {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${first.port}/msi/token`,
      IDENTITY_HEADER: first.secret.reveal(),
      AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${first.port}`,
    })
  })

  test('runs no command: it has no files', async () => {
    await assert.rejects(
      azure.machines.run('vm1', { argv: ['true'], user: 'root' }),
      (error) => error instanceof Failure && error.code === 'NoSandbox',
    )
  })

  test('has no port any more when it is stopped, nor open connections', async () => {
    const { port } = weak(await start('brief'))
    await fetch(`http://127.0.0.1:${port}/`)
    await azure.machines.stop('brief')
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
  })

  test('a workstation has no metadata and no variables', async () => {
    const desk = { key: 'desk', hostName: 'desk', files: 'desk', kind: 'workstation' } as const
    assert.equal(weak(await azure.machines.start(desk)).port, 0)
    const entrance = azure.machines.entrance('desk')
    assert.deepEqual(entrance.mode === 'loopback' && entrance.environment.reveal(), {})
  })
})

function weak(machine: Machine): LoopbackMachine {
  assert.equal(machine.mode, 'loopback')
  return machine
}
