/** Actions that turn a machine on and off, and one that gives it up to be an image. */
import { Failure } from '../../base/failure.ts'
import type { Resource } from '../../core/resources/resource.ts'
import type { StoredType } from '../provider.ts'
import { runCommand } from './run-command.ts'
import { stateOf, type VirtualMachineState } from './virtual-machine-state.ts'

export const powerActions: NonNullable<StoredType['actions']> = {
  start: async (_tx, resource) => power(resource, 'start', 'running'),
  powerOff: async (_tx, resource) => power(resource, 'powerOff', 'stopped'),
  deallocate: async (_tx, resource) => power(resource, 'deallocate', 'deallocated'),
  restart: async (_tx, resource) => restarted(resource),
  async redeploy(_tx, resource) {
    // On another computer it would start again; what does not run is only moved.
    return stateOf(resource).power === 'running' ? restarted(resource) : later(stateOf(resource))
  },
  reapply: async (_tx, resource) => later(stateOf(resource)),
  async generalize(_tx, resource) {
    const state = stateOf(resource)
    if (state.power === 'running') throw mustNotRun(resource)
    return { state: { ...state, generalized: true } }
  },
  async runCommand(tx, resource, body) {
    if (stateOf(resource).power !== 'running') throw mustRun()
    return runCommand(tx, resource.id, body)
  },
}

function restarted(resource: Resource) {
  const state = stateOf(resource)
  if (state.power !== 'running') throw notRunning(resource)
  return later({ ...state, generation: state.generation + 1 })
}

function power(resource: Resource, verb: string, wanted: VirtualMachineState['power']) {
  const state = stateOf(resource)
  if (state.generalized && wanted === 'running') throw generalized(resource, verb)
  return later({ ...state, power: wanted })
}

function later(state: VirtualMachineState) {
  return { state: { ...state }, later: { job: 'machines' as const } }
}

function notAllowed(message: string): Failure {
  return new Failure('conflict', 'OperationNotAllowed', message)
}

function notRunning({ id }: Resource): Failure {
  return notAllowed(`The VM '${id.name}' cannot be restarted because it is not running.`)
}

function generalized({ id }: Resource, verb: string): Failure {
  return notAllowed(
    `Operation '${verb}' is not allowed on VM '${id.name}' since the VM is generalized.`,
  )
}

function mustNotRun({ id }: Resource): Failure {
  return notAllowed(
    `The VM '${id.name}' must be stopped or deallocated before it can be generalized.`,
  )
}

export function mustRun(): Failure {
  return notAllowed('The operation requires the VM to be running (or set to run).')
}
