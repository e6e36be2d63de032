/**
 * The load client: a process of its own, so that what it costs is not the server's.
 *
 * HTTP/1.1 over plain or TLS sockets that are kept alive, one request at a time on each; it reads
 * what a reply must have (status, content-length) and no more, and reuses the bytes it sends. It
 * leaves out everything else of HTTP: no chunked bodies, no redirects, no pipelining.
 *
 * Reads one `LoadOrder` a line on standard input, and answers each with one `LoadReport` a line.
 */
import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { connect as connectSecure } from 'node:tls'
import type { LoadOrder, LoadReport } from './load.ts'

const HEADERS_END = Buffer.from('\r\n\r\n')
const LENGTH = 'content-length: '
const LONGEST_QUOTED_CHARS = 400

for await (const line of createInterface({ input: process.stdin })) {
  const report = await run(JSON.parse(line) as LoadOrder)
  process.stdout.write(`${JSON.stringify(report)}\n`)
}

async function run(order: LoadOrder): Promise<LoadReport> {
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => open(order)))
  const wanted = new Set(order.expect)
  const next = requests(order)
  const began = performance.now()
  const ends = began + order.seconds * 1000
  let answered = 0
  let refused: string | undefined
  const stopSpinning = spin()
  await Promise.all(
    sockets.map((socket) =>
      exchange(socket, {
        next: () => (refused === undefined && performance.now() < ends ? next() : undefined),
        answered: (status, text) => {
          if (wanted.has(status)) answered += 1
          else refused ??= text().slice(0, LONGEST_QUOTED_CHARS)
        },
      }),
    ),
  )
  stopSpinning()
  const seconds = (performance.now() - began) / 1000
  for (const socket of sockets) socket.destroy()
  return { answered, seconds, refused }
}

/**
 * Never sleeps: waking a sleeping client is work of the server that answers it, and a server that is
 * slower than its client would pay for it at each answer, while one that is quicker would not.
 */
function spin(): () => void {
  let spinning = true
  const again = () => {
    if (spinning) setImmediate(again)
  }
  again()
  return () => {
    spinning = false
  }
}

function open({ target }: LoadOrder): Promise<Socket> {
  const { host, port, tls } = target
  return new Promise((resolve, reject) => {
    const socket = tls
      ? connectSecure({ host, port, servername: tls.name, ca: readFileSync(tls.authority) }, () =>
          resolve(socket),
        )
      : connectPlain({ host, port, noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** The bytes of one request after the other: made once where they come again. */
function requests({ request, first = 0, cycle }: LoadOrder): () => Buffer {
  const bytes = (number: number) => {
    const start = `${request.method} ${request.path.replace('{n}', String(number))} HTTP/1.1\r\n`
    return Buffer.from(`${start}${headers(request)}\r\n${request.body ?? ''}`)
  }
  let number = first
  if (cycle === undefined) return () => bytes(number++)
  const made = Array.from({ length: cycle }, (_, n) => bytes(first + n))
  return () => made[number++ % cycle] as Buffer
}

function headers({ headers, body }: LoadOrder['request']): string {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return Object.entries({ ...headers, ...length })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}

interface Exchange {
  /** The next request; undefined when there are no more. */
  next(): Buffer | undefined
  answered(status: number, text: () => string): void
}

/** Sends and reads on one socket until there is nothing more to send. */
function exchange(socket: Socket, { next, answered }: Exchange): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending: Buffer | undefined
    const send = () => {
      const bytes = next()
      if (bytes) socket.write(bytes)
      else resolve()
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('data', (chunk: Buffer) => {
      const all = pending ? Buffer.concat([pending, chunk]) : chunk
      const end = replyEnd(all)
      if (end === undefined) {
        pending = all
        return
      }
      pending = undefined
      answered(Number(all.toString('latin1', 9, 12)), () => all.toString('utf8', 0, end))
      send()
    })
    send()
  })
}

/** Where the reply ends; undefined while some of it is still to come. */
function replyEnd(bytes: Buffer): number | undefined {
  const head = bytes.indexOf(HEADERS_END)
  if (head < 0) return undefined
  const text = bytes.toString('latin1', 0, head).toLowerCase()
  const at = text.indexOf(LENGTH)
  const length = at < 0 ? 0 : Number.parseInt(text.slice(at + LENGTH.length), 10)
  const end = head + HEADERS_END.length + length
  return bytes.length < end ? undefined : end
}
