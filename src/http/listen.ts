/**
 * Listening: one TLS server for all host names, one plain server for the metadata address.
 *
 * Connections come from a listener of our own or from sockets that a sandbox handed over; either
 * way the request is dispatched by its host name, and a handed-over socket remembers its machine.
 */
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { Host, Service } from '../base/names.ts'
import { createServer } from '../base/node-http.ts'
import type { ArrivedMachine } from './route.ts'

/** How long a client may take to send its headers and body. */
const REQUEST_TIMEOUT_MS = 60_000
/** Longer than the clients' own idle times, so that it is they who close. */
const KEEP_ALIVE_MS = 75_000
const LONGEST_HEADERS_BYTES = 64 * 1024

export interface Front {
  /** Takes a raw connection to be spoken to in TLS. */
  takeSecure(socket: Socket): void
  /** Takes a plain connection of a machine to its metadata address. */
  takeMetadata(socket: Socket, machine: ArrivedMachine): void
  /** Listens for TLS on the host; port 0 is any free one. Gives the port. */
  listen(port: number, address: string): Promise<number>
  /** Replaces the certificate for new connections. */
  renew(certificate: SecureContextOptions): void
  close(): Promise<void>
}

export interface Doors {
  readonly services: Readonly<Partial<Record<Service, RequestListener>>>
  readonly metadata: RequestListener
  readHost(host: string): Host | undefined
}

const machines = new WeakMap<Socket, ArrivedMachine>()

/** The machine whose socket accepted this request; nothing the request says matters. */
export function machineBehind(request: IncomingMessage): ArrivedMachine | undefined {
  return machines.get(request.socket)
}

/** Opens the servers; nothing listens yet. */
export function openFront(certificate: SecureContextOptions, doors: Doors): Front {
  const limits = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: LONGEST_HEADERS_BYTES,
  }
  const secure = createSecureServer(
    { ...certificate, ...limits, ALPNProtocols: ['http/1.1'] },
    (request, response) => {
      const host = doors.readHost(request.headers.host ?? '')
      const door = host && doors.services[host.service]
      if (door) door(request, response)
      else {
        response.writeHead(421, { 'content-type': 'application/json' })
        response.end(
          '{"error":{"code":"UnknownHost","message":"No service answers to this host name."}}',
        )
      }
    },
  )
  const metadata = createServer(limits, doors.metadata)
  // Node times requests only of servers that listen, which this one never does: a connection that
  // says nothing for so long is closed instead.
  metadata.setTimeout(KEEP_ALIVE_MS)
  const raw = new Set<Socket>()

  return {
    takeSecure(socket) {
      remember(raw, socket)
      secure.emit('connection', socket)
    },
    takeMetadata(socket, machine) {
      machines.set(socket, machine)
      metadata.emit('connection', socket)
    },
    listen: (port, address) =>
      new Promise((resolve, reject) => {
        secure.once('error', reject)
        secure.listen(port, address, () => {
          secure.off('error', reject)
          const bound = secure.address()
          resolve(typeof bound === 'object' && bound ? bound.port : port)
        })
      }),
    renew: (renewed) => secure.setSecureContext(renewed),
    async close() {
      secure.closeAllConnections()
      metadata.closeAllConnections()
      for (const socket of raw) socket.destroy()
      if (secure.listening) await new Promise((resolve) => secure.close(resolve))
      else secure.close()
      metadata.close()
    },
  }
}

function remember(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
}
