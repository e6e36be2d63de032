/**
 * The program that opens a machine's sockets. It runs for a moment, inside the machine's network,
 * by `node -e`, and hands each socket to the daemon over Node's own channel between processes; a
 * socket stays for life in the network it was made in.
 *
 * A text and not a function: it must run when Locum is one bundled file, and when its source cannot
 * be read by the user it runs as. It ends when told that all arrived, when the channel has closed
 * (asked for, since the event is lost when it closes before the program runs), and in any case after
 * ten seconds.
 */

/** What the program is asked for, as JSON in its only argument. */
export interface WantedSocket {
  readonly name: string
  readonly kind: 'tcp' | 'udp'
  readonly host: string
  readonly port: number
}

export const LISTENER_PROGRAM = `'use strict'
const net = require('net'), dgram = require('dgram')
process.on('message', () => process.exit(0))
setInterval(() => process.connected || process.exit(3), 100)
setTimeout(() => process.exit(4), 10000)
for (const { name, kind, host, port } of JSON.parse(process.argv[1])) {
  const fail = (error) => { console.error(name + ': ' + error.message); process.exit(2) }
  if (kind === 'tcp') {
    const server = net.createServer().on('error', fail)
    server.listen({ host, port, backlog: 512 }, () => process.send({ name }, server))
  } else {
    const socket = dgram.createSocket('udp4').on('error', fail)
    socket.bind(port, host, () => process.send({ name }, socket))
  }
}`

/**
 * Gives the machine's loopback interface its addresses, then becomes the program. Ports of closed
 * connections are used again soon: without that, a client that opens one for each call runs out of
 * them after some 28,000 calls a minute.
 */
export const NETWORK_PROGRAM = `printf %s "$1" | ip -batch - || exit
{ echo 1 > /proc/sys/net/ipv4/tcp_tw_reuse; } 2>/dev/null
shift; exec "$@"`
