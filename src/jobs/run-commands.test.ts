import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import type { Instant } from '../base/clock.ts'
import { Failure } from '../base/failure.ts'
import { parseResourceId, type ResourceId } from '../base/resource-id.ts'
import { resultOf } from '../core/resources/operation-work.ts'
import { beginOperation, findOperation } from '../core/resources/operations.ts'
import { findResource, putResource, type Resource } from '../core/resources/resource.ts'
import { openTestWorld, type TestWorld } from '../core/test-world.ts'
import { transaction } from '../core/transaction.ts'
import type { RunRequest, RunResult } from '../machines/machine.ts'
import { runCommandsJob } from './run-commands.ts'

const VM = parseResourceId(
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/blue' +
    '/providers/Microsoft.Compute/virtualMachines/vm1',
)

describe('the run-commands job', () => {
  let world: TestWorld
  before(async () => {
    world = await openTestWorld()
  })
  after(() => world.close())

  const begin = (script: string, parameters: { name: string; value: string }[] = []) =>
    transaction(world.call(), (tx) =>
      beginOperation(tx, VM, { job: 'run-commands', input: { script, parameters } }),
    )

  /** Runs until the operation has ended; each run of the job is a call of its own. */
  const finish = async (
    id: string,
    run: (request: RunRequest, key: string) => Promise<RunResult>,
  ) => {
    let woken = () => {}
    const job = runCommandsJob({ run: (key, request) => run(request, key) })
    for (;;) {
      const call = world.call()
      const wake = new Promise<void>((resolve) => (woken = resolve))
      await job.run({ ...call, wake: () => woken() })
      const operation = await findOperation(call, id)
      if (operation?.status !== 'InProgress') return operation
      await wake
    }
  }

  const messageOf = async (id: string): Promise<string> => {
    const { value } = (await resultOf(world.call(), id)) as { value: { message: string }[] }
    return value[0]?.message ?? ''
  }

  it('runs a script and answers with what it said', async () => {
    const id = await begin('echo out\necho err >&2')
    assert.equal((await finish(id, inShell))?.status, 'Succeeded')
    assert.deepEqual(await resultOf(world.call(), id), {
      value: [
        {
          code: 'ProvisioningState/succeeded',
          level: 'Info',
          displayStatus: 'Provisioning succeeded',
          message: 'Enable succeeded: \n[stdout]\nout\n\n[stderr]\nerr\n',
        },
      ],
    })
  })

  it('hands parameters over as arguments and by their names, whatever is in them', async () => {
    const id = await begin('echo "$1|$2|$colour"', [
      { name: 'arg1', value: "it's $HOME" },
      { name: 'colour', value: 'light `blue`' },
    ])
    await finish(id, inShell)
    assert.match(await messageOf(id), /\nit's \$HOME\|light `blue`\|light `blue`\n/)
  })

  it('honours the interpreter that a script names', async () => {
    const id = await begin('#!/bin/cat\nread as a text')
    await finish(id, inShell)
    assert.match(await messageOf(id), /read as a text/)
  })

  it('says how a script failed', async () => {
    const id = await begin('echo gone; exit 3')
    assert.equal((await finish(id, inShell))?.status, 'Succeeded')
    assert.equal(
      await messageOf(id),
      'Enable failed: failed to execute command: command terminated with exit status=3\n' +
        '[stdout]\ngone\n\n[stderr]\n',
    )
  })

  it('keeps scripts and their output sealed', async () => {
    const id = await begin('echo hunter2')
    const rows = () => world.database.reader.all('SELECT * FROM operations', [])
    const texts = async () => JSON.stringify(await rows()) + Buffer.from('hunter2').toString('hex')
    const before = (await rows()).map((row) => JSON.stringify(row)).join()
    await finish(id, inShell)
    for (const text of [before, (await rows()).map((row) => JSON.stringify(row)).join()]) {
      assert.ok(!text.includes([...Buffer.from('hunter2')].join(',')))
      assert.ok(!text.includes('hunter2'))
    }
    assert.ok((await texts()).length > 0)
    assert.match(await messageOf(id), /hunter2/)
  })

  it('ends with an error when the machine does not run', async () => {
    const id = await begin('true')
    const operation = await finish(id, async () => {
      throw new Failure('conflict', 'MachineStopped', 'vm1 does not run')
    })
    assert.equal(operation?.status, 'Failed')
    assert.equal(operation?.error?.code, 'VMAgentStatusCommunicationError')
  })

  it('keeps what the script of a run command did', async () => {
    const id = parseResourceId(`${VM.text}/runCommands/said`)
    await transaction(world.call(), (tx) => putResource(tx, runCommandAt(id, tx.now)))
    const work = { script: 'echo out; exit 3', parameters: [], timeoutInSeconds: 60 }
    const operation = await transaction(world.call(), (tx) =>
      beginOperation(tx, id, { job: 'run-commands', input: work }),
    )
    const ran: string[] = []
    await finish(operation, (request, key) => {
      ran.push(key)
      return inShell(request)
    })
    assert.deepEqual(ran, [VM.key])
    const kept = await findResource(world.call(), id)
    assert.equal(kept?.provisioningState, 'Succeeded')
    const { startTime, endTime, ...view } = { ...(kept?.state.view as object) } as Record<
      string,
      unknown
    >
    assert.ok(startTime && endTime)
    assert.deepEqual(view, { executionState: 'Failed', exitCode: 3, output: 'out\n', error: '' })
  })

  it('does not run a script again that was under way when Locum ended', async () => {
    const id = await begin('true')
    const job = runCommandsJob({ run: () => new Promise(() => {}) })
    await job.run(world.call())
    await new Promise((resolve) => setImmediate(resolve))
    const operation = await finish(id, async () => assert.fail('it ran again'))
    assert.equal(operation?.error?.code, 'OperationPreempted')
  })
})

function runCommandAt(id: ResourceId, now: Instant): Resource {
  return {
    id,
    type: 'microsoft.compute/virtualmachines/runcommands',
    location: undefined,
    kind: undefined,
    tags: undefined,
    sku: undefined,
    envelope: {},
    properties: {},
    state: {},
    provisioningState: 'Creating',
    version: 1,
    createdAt: now,
    createdBy: undefined,
    changedAt: now,
    changedBy: undefined,
  }
}

/** What a machine would do, done by a shell of this computer. */
function inShell({ argv, stdin }: RunRequest): Promise<RunResult> {
  return new Promise((resolve) => {
    const [file = '', ...rest] = argv
    const child = spawn(file, rest)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
    child.stdin.end(stdin)
  })
}
