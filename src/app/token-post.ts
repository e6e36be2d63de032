/**
 * How the metadata service reaches the token service: as any client of this host does, over TLS on
 * the wire and under our own authority. It comes by the local name, so that resources under local
 * names get tokens too: in loopback mode clients ask for those. On several machines only the
 * address differs.
 */
import { Agent, request } from 'node:https'
import type { Names } from '../base/names.ts'
import type { PostForm } from '../planes/imds/token-client.ts'

const ANSWER_TIMEOUT_MS = 10_000
const DEFAULT_PORT = 443

export interface TokenPost {
  readonly post: PostForm
  close(): void
}

/** @param local names of our own listener on this host; asked late, since its port is bound late */
export function tokenPost(authority: string, local: () => Names): TokenPost {
  const agent = new Agent({ keepAlive: true, ca: authority })
  return {
    post: (call, path, form) =>
      new Promise((resolve, reject) => {
        const { host, hostname, port } = new URL(local().origin('login'))
        const sent = request(
          {
            agent,
            host: '127.0.0.1',
            port: port || DEFAULT_PORT,
            servername: hostname,
            method: 'POST',
            path,
            headers: {
              host,
              'content-type': 'application/x-www-form-urlencoded',
              'client-request-id': call.id,
            },
            timeout: ANSWER_TIMEOUT_MS,
            signal: call.signal,
          },
          (response) => {
            const chunks: Buffer[] = []
            response.on('data', (chunk: Buffer) => chunks.push(chunk))
            response.on('error', reject)
            response.on('end', () => {
              try {
                const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
                resolve({ status: response.statusCode ?? 500, body })
              } catch (reason) {
                reject(reason)
              }
            })
          },
        )
        sent.on('timeout', () => sent.destroy(new Error('the token service does not answer')))
        sent.on('error', reject)
        sent.end(new URLSearchParams(form).toString())
      }),
    close: () => agent.destroy(),
  }
}
