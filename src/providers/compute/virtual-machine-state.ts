import type { Resource } from '../../core/resources/resource.ts'

/** What a VM keeps for itself: what its owner wants of it. */
export interface VirtualMachineState {
  readonly power: 'running' | 'stopped' | 'deallocated'
  readonly vmId: string
  /** Counts restarts asked for: a live machine of an older generation is started again. */
  readonly generation: number
  /** Given up to be an image: it never starts again. */
  readonly generalized?: boolean
}

/** What the provider keeps for itself of a VM. */
export function stateOf(resource: Resource): VirtualMachineState {
  return resource.state as unknown as VirtualMachineState
}
