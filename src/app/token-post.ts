/**
 * How the metadata service reaches the token service: as any client does, over TLS on the wire,
 * by Azure's own name and under our own authority. On several machines only the address differs.
 */
import { Agent, request } from 'node:https'
import { azureNames } from '../base/names.ts'
import type { PostForm } from '../planes/imds/token-client.ts'

const ANSWER_TIMEOUT_MS = 10_000

export interface TokenPost {
  readonly post: PostForm
  close(): void
}

/** @param port of our own listener on this host; asked at each call, since it is bound late */
export function tokenPost(authority: string, port: () => number): TokenPost {
  const { hostname } = new URL(azureNames.origin('login'))
  const agent = new Agent({ keepAlive: true, ca: authority, servername: hostname })
  return {
    post: (call, path, form) =>
      new Promise((resolve, reject) => {
        const sent = request(
          {
            agent,
            host: '127.0.0.1',
            port: port(),
            method: 'POST',
            path,
            headers: {
              host: hostname,
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
              const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
              resolve({ status: response.statusCode ?? 500, body })
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
