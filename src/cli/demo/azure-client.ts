/**
 * A client of the public APIs, acting as the owner: what an Azure SDK would do, and no more.
 *
 * It takes tokens from the token endpoint with the owner's certificate, verifies TLS under the
 * instance's own authority, and resolves the local host names by itself, since not every system
 * resolves names below `.localhost`.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import type { LookupFunction } from 'node:net'
import { runningClock } from '../../base/clock.ts'
import {
  CLIENT_ASSERTION_TYPE,
  signClientAssertion,
} from '../../core/tokens/sign-client-assertion.ts'
import type { Status } from '../../planes/control/status.ts'
import { CommandError } from '../command-error.ts'

export interface Answer {
  readonly status: number
  readonly body: Body
}

/** What the demo reads of the answers it gets. */
export interface Body {
  readonly name?: string
  readonly status?: string
  readonly identity?: { readonly principalId: string; readonly tenantId: string }
  readonly error?: { readonly message: string }
  readonly error_description?: string
  readonly access_token?: string
}

export interface AzureClient {
  /** A call to Resource Manager, as the owner. Waits for what it starts to finish. */
  manage(method: string, path: string, body?: unknown): Promise<Answer>
  /** A call to a vault's data plane, as the owner. */
  vault(name: string, method: string, path: string, body?: unknown): Promise<Answer>
  close(): void
}

/** How often to ask how an operation stands, and for how long, in milliseconds. */
const POLL_MS = 50
const POLL_WAIT_MS = 30_000

export function azureClient(status: Status): AzureClient {
  const agent = new Agent({
    keepAlive: true,
    ca: readFileSync(status.trust.authority),
    lookup: toLoopback,
  })
  const tokens = new Map<string, Promise<string>>()
  const tokenFor = (resource: string) => {
    const known = tokens.get(resource) ?? fetchToken(agent, status, resource)
    tokens.set(resource, known)
    return known
  }
  const call = async (resource: string, method: string, url: string, body?: unknown) =>
    send(agent, method, url, {
      headers: {
        authorization: `Bearer ${await tokenFor(resource)}`,
        'content-type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  const management = status.endpoints.management ?? ''
  return {
    async manage(method, path, body) {
      const first = await call(management, method, `${management}${path}`, body)
      const operation = first.headers['azure-asyncoperation']
      if (typeof operation !== 'string') return expectGood(first, method, path)
      for (let waitedMs = 0; waitedMs < POLL_WAIT_MS; waitedMs += POLL_MS) {
        const { body: state } = await call(management, 'GET', operation)
        if (state.status === 'Succeeded') return expectGood(first, method, path)
        if (state.status !== 'InProgress') {
          throw new CommandError(`${method} ${path} failed: ${state.error?.message}`)
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
      throw new CommandError(`${method} ${path} did not finish`)
    },
    async vault(name, method, path, body) {
      const origin = (status.endpoints.vault ?? '').replace('{name}', name)
      const resource = (status.endpoints.vault ?? '').replace('{name}.', '')
      return expectGood(await call(resource, method, `${origin}${path}`, body), method, path)
    },
    close: () => agent.destroy(),
  }
}

function expectGood(answer: Raw, method: string, path: string): Answer {
  if (answer.status < 300) return answer
  const said = answer.body.error?.message ?? JSON.stringify(answer.body)
  throw new CommandError(`${method} ${path} answered ${answer.status}: ${said}`)
}

/** client_credentials with a certificate: an assertion signed by the owner's key. */
async function fetchToken(agent: Agent, status: Status, resource: string): Promise<string> {
  const url = `${status.endpoints.login}/${status.tenantId}/oauth2/v2.0/token`
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: status.owner.clientId,
    scope: `${resource}/.default`,
    client_assertion_type: CLIENT_ASSERTION_TYPE,
    client_assertion: await assertion(status, url),
  })
  const { status: code, body } = await send(agent, 'POST', url, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  if (code !== 200) throw new CommandError(`no token for the owner: ${body.error_description}`)
  return body.access_token ?? ''
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

type Raw = Answer & { readonly headers: NodeJS.Dict<string | string[]> }

function send(
  agent: Agent,
  method: string,
  url: string,
  sent: { headers: Record<string, string>; body: string | undefined },
): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method, headers: sent.headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text === '' ? {} : JSON.parse(text),
        })
      })
    })
    asked.on('error', reject)
    asked.end(sent.body)
  })
}

const toLoopback: LookupFunction = (_host, options, found) => {
  if (options.all) found(null, [{ address: '127.0.0.1', family: 4 }])
  else found(null, '127.0.0.1', 4)
}
