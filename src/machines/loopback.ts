/**
 * Loopback mode: what a machine is where no sandbox can be had.
 *
 * A port of 127.0.0.1 for each machine, and a random secret. Any program on this computer can reach
 * the port, so the identity is weak; the mode says so in the log and in every list. It has no files,
 * users or processes of its own.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { Secret } from '../base/secret.ts'
import type { LoopbackMachine, MachineKind } from './machine.ts'

const SECRET_BYTES = 32
const WEAKNESS =
  'identity by port, weak: any program on this computer that finds the port can act as this machine'

export interface Loopback {
  readonly machine: LoopbackMachine
  close(): Promise<void>
}

/** Opens the machine's port. A workstation has no metadata, so it opens none (port 0). */
export async function openLoopback(
  facts: { readonly key: string; readonly hostName: string; readonly kind: MachineKind },
  metadata: (machine: LoopbackMachine, socket: Socket) => void,
): Promise<Loopback> {
  const secret = new Secret(randomBytes(SECRET_BYTES).toString('hex'))
  const { key, hostName, kind } = facts
  const about = { key, hostName, kind, mode: 'loopback', weakness: WEAKNESS, secret } as const
  if (kind === 'workstation') return { machine: { ...about, port: 0 }, close: async () => {} }

  const connected = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connected.add(socket)
    socket.once('close', () => connected.delete(socket))
    metadata(machine, socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  const address = server.address()
  const machine = { ...about, port: typeof address === 'object' && address ? address.port : 0 }
  return {
    machine,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of connected) socket.destroy()
      }),
  }
}
