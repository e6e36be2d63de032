/**
 * For tests of planes: a plane mounted behind a real HTTP server on loopback, principals that exist
 * and tokens that are real. Nothing in the program imports this.
 */
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostReader, localNames } from '../base/names.ts'
import type { Call } from '../core/call.ts'
import {
  createServicePrincipal,
  type ServicePrincipal,
} from '../core/directory/service-principals.ts'
import type { TestWorld } from '../core/test-world.ts'
import { issueAccessToken } from '../core/tokens/issue.ts'
import { transaction } from '../core/transaction.ts'
import { mount } from './mount.ts'
import type { ArrivedMachine, Method, Plane } from './route.ts'

export interface Asked {
  readonly method?: Method
  readonly path: string
  /** The Host header, and so the account and the names. */
  readonly host?: string
  /** Asks as this principal, with a token for the plane's first audience. */
  readonly as?: ServicePrincipal
  readonly headers?: Readonly<Record<string, string>>
  /** JSON unless it is a string, which is sent as it is. */
  readonly body?: unknown
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Parsed when it is JSON, else as text; undefined when empty. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

export interface TestDoor {
  ask(asked: Asked): Promise<Answered>
  close(): Promise<void>
}

/** @param facts.machine whose socket every request comes from; none unless given */
export async function openTestDoor(
  world: TestWorld,
  plane: Plane,
  facts: { readonly host?: string; readonly machine?: ArrivedMachine } = {},
): Promise<TestDoor> {
  const readHost = hostReader('locum.localhost', localNames('locum.localhost', 8443))
  const newCall = (id: string | undefined): Call => {
    const call = world.call({ kind: 'nobody' })
    return id === undefined ? call : { ...call, id }
  }
  const mounted = await mount(plane, {
    newCall: ({ id, names, caller }) => ({ ...newCall(id), names, caller }),
    readHost,
    machineBehind: () => facts.machine,
  })
  const server = createServer(mounted.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    async ask(asked) {
      const host = asked.host ?? facts.host ?? 'localhost'
      const token = asked.as && (await tokenOf(world, plane, asked.as))
      const text = typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body)
      const headers = {
        host,
        ...(token && { authorization: `Bearer ${token}` }),
        // Said even for a DELETE, which Node would send without saying where its body ends.
        ...(text !== undefined && {
          'content-type': 'application/json',
          ...(!asked.headers?.['transfer-encoding'] && {
            'content-length': String(Buffer.byteLength(text)),
          }),
        }),
        ...asked.headers,
      }
      return send(port, asked.method ?? 'GET', asked.path, headers, text)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await mounted.close()
    },
  }
}

/** A principal of the directory, for tests. */
export function makePrincipal(world: TestWorld, displayName: string): Promise<ServicePrincipal> {
  return transaction(world.call(), (tx) =>
    createServicePrincipal(tx, { type: 'Application', displayName }),
  )
}

async function tokenOf(world: TestWorld, plane: Plane, principal: ServicePrincipal) {
  const call = world.call()
  const { text } = await issueAccessToken(call, {
    subject: {
      objectId: principal.objectId,
      clientId: principal.clientId,
      kind: principal.type,
      proof: 'certificate',
    },
    audience: { audience: plane.audiences(call)[0] ?? '', version: '1.0' },
  })
  return text.reveal()
}

function send(
  port: number,
  method: Method,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const json = response.headers['content-type']?.includes('json') && text !== ''
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: json ? JSON.parse(text) : text === '' ? undefined : text,
        })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
