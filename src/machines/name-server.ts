/**
 * The resolver that a machine sees at 168.63.129.16.
 *
 * Every name of ours has one address, over IPv4 only; any other name does not exist, said at once
 * so that nobody waits. What it is not: a resolver of other names, or a forwarder.
 */
import type { Socket as Datagrams } from 'node:dgram'
import type { Socket } from 'node:net'
import { SERVICES } from './addresses.ts'

const HEADER_BYTES = 12
const NAME_LIMIT_BYTES = 255
const LABEL_LIMIT_BYTES = 63
const TIME_TO_LIVE_SECONDS = 60

/** RFC 1035 §3.2, §4.1.1. */
const TYPE = { a: 1, any: 255 }
const CLASS = { internet: 1, any: 255 }
const RESPONSE = { ok: 0, malformed: 1, noSuchName: 3, notImplemented: 4 }
const FLAG = {
  response: 0x8000,
  operation: 0x7800,
  authoritative: 0x0400,
  wanted: 0x0100,
  can: 0x80,
}

interface Question {
  readonly name: string
  readonly type: number
  readonly class: number
  /** Where the question ends in the packet. */
  readonly end: number
}

/** The answer to a packet; undefined for what is no query and must not be answered. */
export function answerQuery(
  packet: Buffer,
  knows: (hostName: string) => boolean,
): Buffer | undefined {
  if (packet.length < HEADER_BYTES) return undefined
  const flags = packet.readUInt16BE(2)
  if (flags & FLAG.response) return undefined // two resolvers must not talk for ever
  if (flags & FLAG.operation) return reply(packet, RESPONSE.notImplemented)
  const question = packet.readUInt16BE(4) === 1 ? readQuestion(packet) : undefined
  if (!question) return reply(packet, RESPONSE.malformed)
  if (!knows(question.name)) return reply(packet, RESPONSE.noSuchName, question)
  const ofInternet = question.class === CLASS.internet || question.class === CLASS.any
  const hasAddress = question.type === TYPE.a || question.type === TYPE.any
  // For AAAA an empty answer and not "no such name", which would discard the name as a whole.
  return reply(packet, RESPONSE.ok, question, ofInternet && hasAddress ? [addressRecord()] : [])
}

/** Answers what arrives at a UDP socket. */
export function answerDatagrams(socket: Datagrams, knows: (hostName: string) => boolean): void {
  socket.on('message', (packet, from) => {
    const answer = answerQuery(packet, knows)
    if (answer) socket.send(answer, from.port, from.address, () => {})
  })
}

/** A stream carries packets with their length in front (RFC 1035 §4.2.2). */
const STREAM_IDLE_MS = 5000

/** Answers what arrives over one TCP connection. */
export function answerStream(socket: Socket, knows: (hostName: string) => boolean): void {
  let waiting: Buffer = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.setTimeout(STREAM_IDLE_MS, () => socket.destroy())
  socket.on('end', () => socket.end())
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const end = 2 + waiting.readUInt16BE(0)
      const answer = answerQuery(waiting.subarray(2, end), knows)
      waiting = waiting.subarray(end)
      if (answer) socket.write(Buffer.concat([twoBytes(answer.length), answer]))
      else socket.destroy()
    }
  })
}

/** Undefined when the packet ends too early or names what no question may. */
function readQuestion(packet: Buffer): Question | undefined {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (;;) {
    const length = packet[at]
    if (length === undefined || length > LABEL_LIMIT_BYTES) return undefined
    at += 1
    if (length === 0) break
    labels.push(packet.toString('latin1', at, at + length))
    at += length
    if (at - HEADER_BYTES > NAME_LIMIT_BYTES) return undefined
  }
  if (at + 4 > packet.length) return undefined
  const name = labels.join('.').toLowerCase()
  return { name, type: packet.readUInt16BE(at), class: packet.readUInt16BE(at + 2), end: at + 4 }
}

function reply(
  packet: Buffer,
  code: number,
  question?: Question,
  records: readonly Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  const asked = packet.readUInt16BE(2) & (FLAG.operation | FLAG.wanted)
  header.writeUInt16BE(packet.readUInt16BE(0), 0)
  header.writeUInt16BE(FLAG.response | FLAG.authoritative | FLAG.can | asked | code, 2)
  header.writeUInt16BE(question ? 1 : 0, 4)
  header.writeUInt16BE(records.length, 6)
  const echoed = question ? packet.subarray(HEADER_BYTES, question.end) : Buffer.alloc(0)
  return Buffer.concat([header, echoed, ...records])
}

function addressRecord(): Buffer {
  const nameOfQuestion = twoBytes(0xc000 | HEADER_BYTES)
  const address = Buffer.from(SERVICES.host.split('.').map(Number))
  const life = Buffer.alloc(4)
  life.writeUInt32BE(TIME_TO_LIVE_SECONDS)
  const head = [nameOfQuestion, twoBytes(TYPE.a), twoBytes(CLASS.internet), life]
  return Buffer.concat([...head, twoBytes(address.length), address])
}

function twoBytes(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
