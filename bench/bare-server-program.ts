/**
 * The yardstick: a bare `node:http` server, which answers every request with the same bytes.
 *
 * usage: node bare-server-program.ts BODY_BYTES [KEY_FILE CERTIFICATE_FILE]; prints `PID PORT`.
 */
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

const [bytes = '2', key, cert] = process.argv.slice(2)
const body = 'x'.repeat(Number(bytes))

const answer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

const server =
  key && cert
    ? createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, answer)
    : createServer(answer)
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${process.pid} ${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume().on('end', () => process.exit(0))
