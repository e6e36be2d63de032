/** For tests: machines whose metadata service and Azure hosts answer with who called. */
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { silentLog } from '../base/log.ts'
import { makeAuthority } from './fixture.authority.ts'
import type { Machine } from './machine.ts'
import { type Machines, type MachinesOptions, openMachines } from './machines.ts'

export interface TestAzure {
  readonly machines: Machines
  readonly authority: string
  /** The keys of machines that ended by themselves, in order. */
  readonly ended: string[]
}

/** `http://169.254.169.254/…` and `https://….vault.azure.net/…` answer `{"machine":KEY,"host":…}`. */
export async function openTestAzure(
  folder: string,
  options: Partial<MachinesOptions> = {},
): Promise<TestAzure> {
  const { certificate, server } = await makeAuthority(['*.vault.azure.net'])
  const callers = new WeakMap<object, Machine>()
  const ended: string[] = []
  const plain = createServer((request, response) => {
    const machine = callers.get(request.socket)?.key
    response.end(`${JSON.stringify({ machine, host: request.headers.host })}\n`)
  })
  const secure = createSecureServer(server, (request, response) => {
    response.end(`${JSON.stringify({ host: request.headers.host })}\n`)
  })
  const accept = (to: { emit(event: string, socket: Socket): boolean }) => {
    return (machine: Machine, socket: Socket) => {
      callers.set(socket, machine)
      to.emit('connection', socket)
    }
  }
  const machines = openMachines({
    folder,
    authority: certificate,
    knows: (name) => name.endsWith('.vault.azure.net'),
    connected: { metadata: accept(plain), secure: accept(secure) },
    stopped: ({ key }) => ended.push(key),
    log: silentLog,
    ...options,
  })
  return { machines, authority: certificate, ended }
}
