/**
 * Which machine a person means: `vm1`, `group/vm1`, or a whole resource id.
 */
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { resourcesOfType } from '../../core/resources/lists.ts'
import { findResourceByKey, type Resource } from '../../core/resources/resource.ts'
import type { Machine } from '../../machines/machine.ts'
import type { MachineStatus } from './status.ts'

const VIRTUAL_MACHINE = 'Microsoft.Compute/virtualMachines'

/** How long to wait for a machine that is on its way up, and how often to look, in milliseconds. */
const START_WAIT_MS = 15_000
const LOOK_AGAIN_MS = 25

/** The machines that run, by the key of their resource. */
export interface LiveMachines {
  find(key: string): Machine | undefined
  /** Whether the resource asks for its machine to run. */
  isWanted(resource: Resource): boolean
}

/** Every virtual machine there is, running or not. */
export async function listMachines(call: Call, live: LiveMachines): Promise<MachineStatus[]> {
  return (await resourcesOfType(call, VIRTUAL_MACHINE)).map((resource) => statusOf(resource, live))
}

/**
 * The running machine that a name means; waits for one that is starting.
 * @throws Failure missing `MachineNotFound`, conflict `MachineAmbiguous`, `MachineStopped`,
 *   busy `MachineStarting`
 */
export async function findMachine(call: Call, live: LiveMachines, name: string): Promise<Machine> {
  const all = await resourcesOfType(call, VIRTUAL_MACHINE)
  const fitting = all.filter((resource) => fits(resource, name.toLowerCase()))
  const [only, another] = fitting
  if (only === undefined) throw notFound(name, all)
  if (another !== undefined) throw ambiguous(name, fitting)
  return running(call, live, only)
}

async function running(call: Call, live: LiveMachines, resource: Resource): Promise<Machine> {
  for (let waitedMs = 0; waitedMs < START_WAIT_MS; waitedMs += LOOK_AGAIN_MS) {
    const machine = live.find(resource.id.key)
    if (machine) return machine
    const now = await findResourceByKey(call, resource.id.key)
    if (now === undefined || !live.isWanted(now)) throw stopped(resource)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  throw new Failure(
    'busy',
    'MachineStarting',
    `The virtual machine ${shortName(resource)} has not started yet; next step: locum status`,
  )
}

function fits(resource: Resource, name: string): boolean {
  if (name.startsWith('/')) return resource.id.key === name.replace(/\/$/, '')
  return [resource.id.name, shortName(resource)].some((known) => known.toLowerCase() === name)
}

function shortName({ id }: Resource): string {
  return `${id.resourceGroup}/${id.name}`
}

function statusOf(resource: Resource, live: LiveMachines): MachineStatus {
  const machine = live.find(resource.id.key)
  const { text, name, resourceGroup } = resource.id
  return {
    id: text,
    name,
    resourceGroup: resourceGroup ?? '',
    state: machine ? 'running' : live.isWanted(resource) ? 'starting' : 'stopped',
    ...(machine ? { mode: machine.mode } : {}),
  }
}

function notFound(name: string, all: readonly Resource[]): Failure {
  const known = all.length
    ? `there are: ${all.map(shortName).join(', ')}`
    : 'there are none yet; next step: make one through Resource Manager, or try: locum demo'
  return new Failure('missing', 'MachineNotFound', `No virtual machine is named ${name}; ${known}`)
}

function ambiguous(name: string, fitting: readonly Resource[]): Failure {
  return new Failure(
    'conflict',
    'MachineAmbiguous',
    `Several virtual machines are named ${name}; next step: name one of ` +
      fitting
        .map((resource) => (sameShortName(fitting) ? resource.id.text : shortName(resource)))
        .join(', '),
  )
}

function sameShortName(resources: readonly Resource[]): boolean {
  return new Set(resources.map((one) => shortName(one).toLowerCase())).size < resources.length
}

function stopped(resource: Resource): Failure {
  return new Failure(
    'conflict',
    'MachineStopped',
    `The virtual machine ${shortName(resource)} is stopped; next step: start it ` +
      `(az vm start -g ${resource.id.resourceGroup} -n ${resource.id.name})`,
  )
}
