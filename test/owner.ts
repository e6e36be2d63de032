/**
 * The owner of an instance as a client on the host: plain HTTPS to the public APIs, under the
 * instance's own authority, with tokens from the token endpoint by the owner's certificate.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import type { LookupFunction } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { runningClock } from '../src/base/clock.ts'
import {
  CLIENT_ASSERTION_TYPE,
  signClientAssertion,
} from '../src/core/tokens/sign-client-assertion.ts'
import type { Status } from '../src/planes/control/status.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON, read by tests that know what they asked for; `{}` when there was none. */
  readonly body: Body
}

/** Members that tests read of many different answers. */
// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for each test to say
export type Body = any

export interface Owner {
  /** Resource Manager, as it answers. */
  arm(method: string, path: string, body?: unknown): Promise<Answer>
  /** Resource Manager, and to the end of what it starts; throws unless that succeeds. */
  done(method: string, path: string, body?: unknown): Promise<Answer>
  /** A vault's data plane, as it answers. */
  vault(name: string, method: string, path: string, body?: unknown): Promise<Answer>
  /** A token for a resource, by the owner's certificate. */
  token(resource: string): Promise<string>
  /** Any host of the instance, with these headers and nothing added. */
  send(method: string, url: string, sent?: Sent): Promise<Answer>
  close(): void
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const POLL_LIMIT_MS = 60_000
const POLL_AGAIN_MS = 25
/** Whatever else the status of an operation is, it goes on. */
const ENDS: ReadonlySet<unknown> = new Set(['Succeeded', 'Failed', 'Canceled', undefined])

export function openOwner(status: Status): Owner {
  const agent = new Agent({
    keepAlive: true,
    ca: readFileSync(status.trust.authority),
    lookup: toLoopback,
  })
  const { management = '', vault: vaults = '' } = status.endpoints
  const send = (method: string, url: string, sent: Sent = {}) => ask(agent, method, url, sent)
  const tokens = new Map<string, Promise<string>>()
  const token = (resource: string) => {
    const known = tokens.get(resource) ?? fetchToken(send, status, resource)
    tokens.set(resource, known)
    return known
  }
  const call = async (resource: string, method: string, url: string, body?: unknown) => {
    const authorization = `Bearer ${await token(resource)}`
    if (body === undefined) return send(method, url, { headers: { authorization } })
    const headers = { authorization, 'content-type': 'application/json' }
    return send(method, url, { headers, body: JSON.stringify(body) })
  }
  const arm = (method: string, path: string, body?: unknown) =>
    call(management, method, path.startsWith('/') ? `${management}${path}` : path, body)
  return {
    arm,
    token,
    send,
    async done(method, path, body) {
      const first = good(await arm(method, path, body), `${method} ${path}`)
      await finished(arm, first, `${method} ${path}`)
      return first
    },
    vault(name, method, path, body) {
      const resource = vaults.replace('{name}.', '')
      return call(resource, method, `${vaults.replace('{name}', name)}${path}`, body)
    },
    close: () => agent.destroy(),
  }
}

/** The answer, or an error that shows it, when it is not 2xx. */
export function good(answer: Answer, what: string): Answer {
  if (answer.status < 300) return answer
  throw new Error(`${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
}

/** Follows whichever of Azure's two headers the answer has. */
async function finished(arm: Owner['arm'], first: Answer, what: string): Promise<void> {
  const { 'azure-asyncoperation': operation, location } = first.headers
  const url =
    typeof operation === 'string' ? operation : first.status === 202 ? location : undefined
  if (url === undefined) return
  for (let waitedMs = 0; waitedMs < POLL_LIMIT_MS; waitedMs += POLL_AGAIN_MS) {
    const { status, body } = await arm('GET', url)
    if (operation === undefined ? status !== 202 : body.status === 'Succeeded') return
    if (operation !== undefined && ENDS.has(body.status)) {
      throw new Error(`${what}: ${JSON.stringify(body)}`)
    }
    await setTimeout(POLL_AGAIN_MS)
  }
  throw new Error(`${what} did not finish`)
}

async function fetchToken(send: Owner['send'], status: Status, resource: string): Promise<string> {
  const url = `${status.endpoints.login}/${status.tenantId}/oauth2/v2.0/token`
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: status.owner.clientId,
    scope: `${resource}/.default`,
    client_assertion_type: CLIENT_ASSERTION_TYPE,
    client_assertion: await assertion(status, url),
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const { body } = good(await send('POST', url, { headers, body: form.toString() }), `POST ${url}`)
  return body.access_token
}

function assertion({ owner }: Status, audience: string): Promise<string> {
  const text = readFileSync(owner.certificate, 'utf8')
  return signClientAssertion({
    clientId: owner.clientId,
    certificate: new X509Certificate(text).raw,
    privateKey: createPrivateKey(text),
    audience,
    now: runningClock().now(),
  })
}

function ask(agent: Agent, method: string, url: string, sent: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method, headers: sent.headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const body: Body = text === '' ? {} : JSON.parse(text)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
    })
    asked.on('error', reject)
    asked.end(sent.body)
  })
}

/** Local names need not resolve on every system. */
const toLoopback: LookupFunction = (_host, options, found) => {
  if (options.all) found(null, [{ address: '127.0.0.1', family: 4 }])
  else found(null, '127.0.0.1', 4)
}
