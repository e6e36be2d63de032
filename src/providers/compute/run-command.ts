/**
 * POST runCommand: a script for the machine. Reading it and handing it to the job is all that is
 * done here; the job runs it as root inside the machine, and its output comes with the operation.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { operationsFor } from '../../core/resources/operation-work.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { ActionAnswer } from '../provider.ts'

export const LONGEST_SCRIPT_CHARS = 256 * 1024

/** The command that machines here have, as the catalogue shows it. */
export const SHELL_SCRIPT = {
  $schema: 'http://schema.management.azure.com/schemas/2016-11-17/runcommands.json',
  id: 'RunShellScript',
  osType: 'Linux',
  label: 'Executes a Linux shell script',
  description: 'Runs a script of the shell as root, with parameters as variables.',
  script: ['echo "hello"'],
  parameters: [{ name: 'arg1', type: 'string', required: false }],
} as const

const body = z.strictObject({
  commandId: z.string(),
  script: z.array(z.string()).nullish(),
  parameters: z.array(z.strictObject({ name: z.string(), value: z.string() })).nullish(),
})

/** @throws Failure invalid when there is no such command; conflict while another one runs */
export async function runCommand(
  tx: Transaction,
  machine: ResourceId,
  raw: unknown,
): Promise<ActionAnswer> {
  const read = body.safeParse(raw)
  if (!read.success) throw invalid('InvalidParameter', 'The run command input is not valid.')
  const { commandId, script, parameters } = read.data
  if (commandId.toLowerCase() !== SHELL_SCRIPT.id.toLowerCase()) {
    throw invalid(
      'InvalidParameter',
      `The run command '${commandId}' is not available: machines here run Linux, and the command ` +
        "they have is 'RunShellScript'.",
    )
  }
  const text = (script ?? []).join('\n')
  if (text.length > LONGEST_SCRIPT_CHARS) throw invalid('InvalidParameter', 'Script is too long.')
  const under = await operationsFor(tx, 'run-commands')
  if (under.some(({ resourceId }) => resourceId.toLowerCase() === machine.key)) {
    throw new Failure(
      'conflict',
      'Conflict',
      'Run command extension execution is in progress. Please wait for completion before invoking ' +
        'a run command.',
    )
  }
  return { later: { job: 'run-commands', input: { script: text, parameters: parameters ?? [] } } }
}

function invalid(code: string, message: string): Failure {
  return new Failure('invalid', code, message)
}
