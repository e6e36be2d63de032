/** What a script did, on the run command that is a resource of its own: its instance view. */
import { isoSevenDigits } from '../base/clock.ts'
import { parseResourceId, type ResourceId } from '../base/resource-id.ts'
import { findResource, putResource } from '../core/resources/resource.ts'
import type { Transaction } from '../core/transaction.ts'

const RUN_COMMAND = 'microsoft.compute/virtualmachines/runcommands'

export interface ScriptEnd {
  readonly exitCode: number
  readonly output: string
  readonly error: string
}

/** The machine in which the script of an operation runs: what it is about, or what that is in. */
export function machineOf(resourceId: string): ResourceId {
  const id = parseResourceId(resourceId)
  return isRunCommand(id) && id.parent ? id.parent : id
}

/** Keeps how it ended, where there is a resource to keep it on; no end when it could not be run. */
export async function keepView(
  tx: Transaction,
  resourceId: string,
  startedAt: Parameters<typeof isoSevenDigits>[0],
  end: ScriptEnd | undefined,
): Promise<void> {
  const id = parseResourceId(resourceId)
  const resource = isRunCommand(id) ? await findResource(tx, id) : undefined
  if (!resource) return
  const view = {
    executionState: end?.exitCode === 0 ? 'Succeeded' : 'Failed',
    ...(end ?? { executionMessage: 'The script could not be run on the machine.' }),
    startTime: isoSevenDigits(startedAt),
    endTime: isoSevenDigits(tx.now),
  }
  const provisioningState = end ? 'Succeeded' : 'Failed'
  await putResource(tx, { ...resource, state: { view }, provisioningState })
  // Deployments wait for the resources they write.
  tx.wake('deployments')
}

function isRunCommand({ type }: ResourceId): boolean {
  return type.toLowerCase() === RUN_COMMAND
}
