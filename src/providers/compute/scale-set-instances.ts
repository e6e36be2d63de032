/**
 * The instances of a scale set: how many there are follows its capacity, what their owner wants of
 * each is kept with the set. They are described, started and stopped in the database alone: no
 * machine lives for them.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Resource } from '../../core/resources/resource.ts'
import type { VirtualMachineState } from './virtual-machine-state.ts'

export interface Instance {
  /** A number in uniform sets, a name in flexible ones. */
  readonly id: string
  readonly name: string
  readonly vmId: string
  readonly power: VirtualMachineState['power']
  /** Whether it is as the set describes its machines now. */
  readonly isLatest: boolean
  readonly createdAt: number
}

export interface ScaleSetState {
  readonly instances: readonly Instance[]
  /** Numbers are not given twice. */
  readonly next: number
}

export function stateOfSet({ state }: Resource): ScaleSetState {
  const { instances = [], next = 0 } = state as Partial<ScaleSetState>
  return { instances, next }
}

/** As many instances as wanted: the newest go first. */
export function scaled(
  { instances, next }: ScaleSetState,
  wanted: number,
  set: { readonly id: ResourceId; readonly isFlexible: boolean; readonly now: number },
): ScaleSetState {
  const missing = Math.max(0, wanted - instances.length)
  const added = Array.from({ length: missing }, (_, at): Instance => {
    const number = String(next + at)
    const name = `${set.id.name}_${set.isFlexible ? randomBytes(4).toString('hex') : number}`
    return {
      id: set.isFlexible ? name : number,
      name,
      vmId: randomUUID(),
      power: 'running',
      isLatest: true,
      createdAt: set.now,
    }
  })
  return { instances: [...instances.slice(0, wanted), ...added], next: next + missing }
}

/** The ids that a body names; all of them when it names none, or `*`. */
export function chosen(
  { instances }: ScaleSetState,
  named: readonly string[] | undefined,
): ReadonlySet<string> {
  if (named === undefined || named.includes('*')) return new Set(instances.map(({ id }) => id))
  for (const id of named) {
    if (!instances.some((one) => one.id === id)) throw notActive(id)
  }
  return new Set(named)
}

export function changed(
  state: ScaleSetState,
  ids: ReadonlySet<string>,
  change: Partial<Instance>,
): ScaleSetState {
  const instances = state.instances.map((one) => (ids.has(one.id) ? { ...one, ...change } : one))
  return { ...state, instances }
}

function notActive(id: string): Failure {
  return new Failure(
    'invalid',
    'InvalidParameter',
    `The provided instanceId ${id} is not an active Virtual Machine Scale Set VM instanceId.`,
    { target: 'instanceIds' },
  )
}
