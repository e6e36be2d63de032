/**
 * The run-commands job: runs the scripts that were sent to machines, as root in their own files, and
 * ends the operation of each with what it said. A script that was under way when Locum ended is not
 * run again: nobody knows how far it came.
 */
import { z } from 'zod'
import type { Call } from '../core/call.ts'
import {
  finishWork,
  operationsFor,
  takeWork,
  type WaitingOperation,
} from '../core/resources/operation-work.ts'
import { transaction } from '../core/transaction.ts'
import type { Machines } from '../machines/machines.ts'
import type { Job } from './job.ts'
import { keepView, machineOf, type ScriptEnd } from './run-command-views.ts'
import { scriptInput } from './script-input.ts'

const NAME = 'run-commands'
const EVERY_MS = 60_000
/** As long as Azure lets a script run. */
const LONGEST_RUN_MS = 90 * 60_000
/** Azure answers with the end of what a script wrote. */
const SHOWN_CHARS = 4096

interface Ended {
  readonly outcome: Parameters<typeof finishWork>[2]
  readonly end?: ScriptEnd
}

const work = z.object({
  script: z.string(),
  parameters: z.array(z.object({ name: z.string(), value: z.string() })),
  timeoutInSeconds: z.number().optional(),
})

export function runCommandsJob(machines: Pick<Machines, 'run'>): Job {
  /** Scripts under way, and the outcome of those that have ended. */
  const underWay = new Map<string, Ended | 'running'>()
  return {
    name: NAME,
    everyMs: EVERY_MS,
    async run(call) {
      for (const operation of await operationsFor(call, NAME)) {
        const { id } = operation
        const known = underWay.get(id)
        if (known === 'running') continue
        if (known === undefined) {
          underWay.set(id, 'running')
          // Not waited for: a script may take long, and others shall start.
          void perform(call, machines, operation).then((ended) => {
            underWay.set(id, ended)
            call.wake(NAME)
          })
          continue
        }
        await transaction(call, async (tx) => {
          await finishWork(tx, id, known.outcome)
          await keepView(tx, operation.resourceId, operation.startedAt, known.end)
        })
        underWay.delete(id)
      }
    },
  }
}

async function perform(
  call: Call,
  machines: Pick<Machines, 'run'>,
  { id, resourceId, taken: isTaken }: WaitingOperation,
): Promise<Ended> {
  if (isTaken) return failed('OperationPreempted', 'Locum ended while the script ran.')
  try {
    const taken = work.parse(await transaction(call, (tx) => takeWork(tx, id)))
    const { script, parameters, timeoutInSeconds } = taken
    const longest = timeoutInSeconds ? timeoutInSeconds * 1000 : LONGEST_RUN_MS
    const { code, stdout, stderr } = await machines.run(machineOf(resourceId).key, {
      argv: ['/bin/sh', '-s'],
      user: 'root',
      stdin: scriptInput(script, parameters),
      signal: AbortSignal.timeout(Math.min(longest, LONGEST_RUN_MS)),
    })
    return {
      outcome: { result: { value: [statusOf(code, stdout, stderr)] } },
      end: { exitCode: code, output: end(stdout), error: end(stderr) },
    }
  } catch (cause) {
    call.log.error('run command failed', { machine: resourceId, cause })
    return failed('VMAgentStatusCommunicationError', 'The script could not be run on the machine.')
  }
}

function statusOf(code: number, stdout: string, stderr: string): object {
  const outcome =
    code === 0
      ? 'Enable succeeded: '
      : `Enable failed: failed to execute command: command terminated with exit status=${code}`
  return {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: `${outcome}\n[stdout]\n${end(stdout)}\n[stderr]\n${end(stderr)}`,
  }
}

function end(text: string): string {
  return text.slice(-SHOWN_CHARS)
}

function failed(code: string, message: string): Ended {
  return { outcome: { error: { code, message } } }
}
