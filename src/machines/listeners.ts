/**
 * The sockets of a machine: made inside its network, answered by the daemon.
 *
 * Which socket accepted a connection says which machine made it. Nothing that the caller sends is
 * consulted, so nothing can be forged.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket as Datagrams } from 'node:dgram'
import { createServer, Server, type Socket } from 'node:net'
import { METADATA, RESOLVER, SERVICES } from './addresses.ts'
import { LISTENER_PROGRAM, NETWORK_PROGRAM, type WantedSocket } from './listener-program.ts'
import type { MachineKind } from './machine.ts'
import { answerDatagrams, answerStream } from './name-server.ts'
import type { Reaper } from './reaper.ts'
import { type Sandbox, SYSTEM_PATH } from './sandbox.ts'

export interface ListenersOptions {
  readonly kind: MachineKind
  /** Does this DNS name belong to us? */
  readonly knows: (hostName: string) => boolean
  readonly metadata: (socket: Socket) => void
  readonly secure: (socket: Socket) => void
}

export interface Listeners {
  /** Closes the sockets and every connection accepted by them. They keep the network alive. */
  close(): void
}

type SocketName = 'metadata' | 'secure' | 'names' | 'names-by-stream'

const WANTED: Readonly<Record<MachineKind, readonly (WantedSocket & { name: SocketName })[]>> = {
  'virtual-machine': [
    { name: 'metadata', kind: 'tcp', ...METADATA },
    { name: 'secure', kind: 'tcp', ...SERVICES },
    { name: 'names', kind: 'udp', ...RESOLVER },
    { name: 'names-by-stream', kind: 'tcp', ...RESOLVER },
  ],
  // Without the metadata address, which has no route then: a client finds out at once.
  workstation: [
    { name: 'secure', kind: 'tcp', ...SERVICES },
    { name: 'names', kind: 'udp', ...RESOLVER },
    { name: 'names-by-stream', kind: 'tcp', ...RESOLVER },
  ],
}

/** A helper speaks of its troubles in a line or two. */
const COMPLAINT_LIMIT_BYTES = 4096

/** Opens all sockets of a machine. Throws what the helper said when one cannot be had. */
export async function openListeners(
  sandbox: Sandbox,
  reaper: Reaper,
  options: ListenersOptions,
): Promise<Listeners> {
  const open = new OpenSockets()
  const wanted = WANTED[options.kind]
  try {
    await receive(launchHelper(sandbox, wanted), reaper, wanted.length, (name, handle) => {
      if (handle instanceof Datagrams) {
        open.add(handle)
        answerDatagrams(handle, options.knows)
      } else if (handle instanceof Server) {
        open.add(handle)
        open.add(serve(handle, (socket) => deliver(name, open.track(socket), options)))
      }
    })
    return open
  } catch (error) {
    open.close()
    throw error
  }
}

function deliver(name: SocketName, socket: Socket, options: ListenersOptions): void {
  if (name === 'metadata') options.metadata(socket)
  else if (name === 'secure') options.secure(socket)
  else answerStream(socket, options.knows)
}

/**
 * nsenter itself enters the user namespace first, which gives the right to enter the network; it
 * must keep its user number (--preserve-credentials). The helper gets PATH and nothing else.
 */
function launchHelper(sandbox: Sandbox, wanted: readonly WantedSocket[]): ChildProcess {
  const enter = ['--user=/proc/self/fd/4', '--net=/proc/self/fd/5', '--preserve-credentials']
  const setUp = ['/bin/sh', '-c', NETWORK_PROGRAM, 'sh', networkCommands(wanted)]
  const program = [process.execPath, '-e', LISTENER_PROGRAM, JSON.stringify(wanted)]
  return spawn('nsenter', [...enter, ...setUp, ...program], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', sandbox.namespaces.user, sandbox.namespaces.net],
    cwd: '/',
    env: { PATH: SYSTEM_PATH },
  })
}

function networkCommands(wanted: readonly WantedSocket[]): string {
  const addresses = new Set(wanted.map(({ host }) => host))
  const adds = [...addresses].map((address) => `addr add ${address}/32 dev lo\n`)
  return `link set lo up\n${adds.join('')}`
}

function receive(
  helper: ChildProcess,
  reaper: Reaper,
  count: number,
  take: (name: SocketName, handle: unknown) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0
    let complaint = ''
    const { pid } = helper
    if (pid !== undefined) reaper.watch(pid)
    helper.stderr?.on('data', (chunk) => {
      if (complaint.length < COMPLAINT_LIMIT_BYTES) complaint += chunk
    })
    helper.on('message', (message: { name: SocketName }, handle) => {
      take(message.name, handle)
      received += 1
      if (received < count) return
      helper.send('done', () => {})
      resolve()
    })
    helper.once('error', reject)
    helper.once('close', (code) => {
      if (pid !== undefined) reaper.forget(pid)
      reject(new Error(complaint.trim() || `the network helper ended with ${code}`))
    })
  })
}

/** A server of our own on the received one's handle, with the settings that HTTP servers want. */
function serve(received: Server, connected: (socket: Socket) => void): Server {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, connected)
  server.listen(received)
  return server
}

class OpenSockets implements Listeners {
  readonly #listening: (Server | Datagrams)[] = []
  readonly #connected = new Set<Socket>()

  add(socket: Server | Datagrams): void {
    socket.on('error', () => {})
    this.#listening.push(socket)
  }

  track(socket: Socket): Socket {
    this.#connected.add(socket)
    socket.once('close', () => this.#connected.delete(socket))
    return socket
  }

  close(): void {
    for (const socket of this.#listening) closeQuietly(socket)
    for (const socket of this.#connected) socket.destroy()
  }
}

function closeQuietly(socket: Server | Datagrams): void {
  try {
    socket.close()
  } catch {} // two servers share one handle; the second finds it closed
}
