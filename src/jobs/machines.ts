/**
 * The machines job: makes live machines of wanted ones, and ends the operations that wait for that.
 *
 * The database says which virtual machines there are and what their owners want of them; this job
 * compares that with what runs and makes up the difference. It is the only one that starts and stops
 * the machines of VMs.
 */
import { Failure } from '../base/failure.ts'
import type { Call } from '../core/call.ts'
import { resourcesOfType } from '../core/resources/lists.ts'
import { finishOperations, resourcesUnderWay } from '../core/resources/operations.ts'
import { findResourceByKey, putResource, type Resource } from '../core/resources/resource.ts'
import { transaction } from '../core/transaction.ts'
import type { Machines, StartRequest } from '../machines/machines.ts'
import type { Job } from './job.ts'

const VIRTUAL_MACHINE = 'microsoft.compute/virtualmachines'
const EVERY_MS = 15_000

/** The part of a VM's private state that says what its owner wants. */
interface WantedState {
  readonly power: string
  readonly vmId: string
  readonly generation: number
}

export function machinesJob(machines: Machines): Job {
  /** The generation at which each live machine was started: a newer one asks for a restart. */
  const generations = new Map<string, number>()
  let ranBefore = false
  return {
    name: 'machines',
    everyMs: EVERY_MS,
    async run(call) {
      const all = await resourcesOfType(call, VIRTUAL_MACHINE)
      const underWay = await resourcesUnderWay(call)
      await stopUnwanted(machines, generations, new Set(all.map(({ id }) => id.key)))
      const wanted = all.map(requestFor)
      if (!ranBefore) machines.renameOlderFiles(wanted)
      await machines.keepOnlyFilesOf(wanted)
      ranBefore = true
      await Promise.all(
        all.map(async (resource) => {
          const failure = await settle(machines, generations, resource)
          if (failure || underWay.has(resource.id.key) || isUnsettled(resource)) {
            await finish(call, resource, failure)
          }
        }),
      )
      await finishDeletions(call, underWay)
    },
  }
}

async function stopUnwanted(
  machines: Machines,
  generations: Map<string, number>,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const gone = machines
    .list()
    .filter(({ kind, key }) => kind === 'virtual-machine' && !wanted.has(key))
  await Promise.all(
    gone.map(async ({ key }) => {
      await machines.stop(key)
      generations.delete(key)
    }),
  )
}

/** Starts, restarts or stops one machine; gives why it could not. */
async function settle(
  machines: Machines,
  generations: Map<string, number>,
  resource: Resource,
): Promise<Failure | undefined> {
  const { key } = resource.id
  const { power, generation } = resource.state as unknown as WantedState
  const live = machines.find(key) !== undefined
  try {
    if (live && (power !== 'running' || generations.get(key) !== generation)) {
      await machines.stop(key)
    }
    if (power === 'running') {
      await machines.start(requestFor(resource))
      generations.set(key, generation)
    }
    return undefined
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new Failure('conflict', 'VMStartFailed', `The machine could not be started: ${reason}`)
  }
}

/** Its files are known by what stays when it moves, and is another's in one of the same name. */
function requestFor(resource: Resource): StartRequest {
  const { vmId } = resource.state as unknown as WantedState
  const hostName = hostNameOf(resource)
  return {
    key: resource.id.key,
    hostName,
    files: `${hostName}-${vmId.toLowerCase()}`,
    kind: 'virtual-machine',
  }
}

/** A VM's name may have characters that a host's name may not. */
function hostNameOf(resource: Resource): string {
  const name = resource.id.name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  return name.replaceAll(/^-+|-+$/g, '').slice(0, 63)
}

function isUnsettled({ provisioningState }: Resource): boolean {
  return provisioningState === 'Creating' || provisioningState === 'Updating'
}

async function finish(call: Call, { id }: Resource, failure: Failure | undefined): Promise<void> {
  await transaction(call, async (tx) => {
    const resource = await findResourceByKey(tx, id.key)
    // A failed start is tried again at the next run; its operation is over all the same.
    if (resource && isUnsettled(resource)) {
      await putResource(tx, { ...resource, provisioningState: failure ? 'Failed' : 'Succeeded' })
    }
    await finishOperations(tx, id.key, failure && { code: failure.code, message: failure.message })
  })
  if (failure) call.log.error('machine not started', { machine: id.text, reason: failure.message })
}

/** The operations of what is gone, groups and machines alike, end when nothing of it runs. */
async function finishDeletions(call: Call, underWay: ReadonlySet<string>): Promise<void> {
  const gone: string[] = []
  for (const key of underWay) if (!(await findResourceByKey(call, key))) gone.push(key)
  if (gone.length === 0) return
  await transaction(call, async (tx) => {
    for (const key of gone) await finishOperations(tx, key)
  })
}

/** A machine ended by itself, as by a power-off inside: its owner is shown that it is stopped. */
export async function machineEnded(call: Call, key: string): Promise<void> {
  await transaction(call, async (tx) => {
    const resource = await findResourceByKey(tx, key)
    if (resource?.type !== VIRTUAL_MACHINE) return
    await putResource(tx, { ...resource, state: { ...resource.state, power: 'stopped' } })
  })
}
