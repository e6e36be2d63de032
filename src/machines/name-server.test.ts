import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { describe, test } from 'node:test'
import { answerQuery, answerStream } from './name-server.ts'

const knows = (name: string) => name === 'kv1.vault.azure.net'
const A = 1
const AAAA = 28
const TXT = 16

function query(name: string, type: number, flags = 0x0100): Buffer {
  const head = Buffer.from('abcd000000010000000000000000', 'hex').subarray(0, 12)
  head.writeUInt16BE(flags, 2)
  const labels = name.split('.').map((label) => Buffer.from(`\0${label}`))
  for (const label of labels) label[0] = label.length - 1
  const tail = Buffer.from([0, 0, type, 0, 1])
  return Buffer.concat([head, ...labels, tail])
}

/** What a client reads of an answer. */
function read(answer: Buffer | undefined) {
  assert.ok(answer)
  return {
    id: answer.toString('hex', 0, 2),
    flags: answer.toString('hex', 2, 4),
    questions: answer.readUInt16BE(4),
    answers: answer.readUInt16BE(6),
    address: answer.readUInt16BE(6) ? [...answer.subarray(-4)].join('.') : undefined,
  }
}

describe('the resolver', () => {
  test('gives every name of ours the one address', () => {
    const answer = read(answerQuery(query('kv1.vault.azure.net', A), knows))
    assert.deepEqual(answer, {
      id: 'abcd',
      flags: '8580',
      questions: 1,
      answers: 1,
      address: '198.18.0.1',
    })
  })

  test('reads names in any case', () => {
    assert.equal(read(answerQuery(query('KV1.Vault.Azure.NET', A), knows)).answers, 1)
  })

  test('has nothing of other types, and does not say that the name is unknown', () => {
    for (const type of [AAAA, TXT]) {
      const { flags, answers } = read(answerQuery(query('kv1.vault.azure.net', type), knows))
      assert.deepEqual({ flags, answers }, { flags: '8580', answers: 0 })
    }
  })

  test('says at once that other names do not exist', () => {
    assert.equal(read(answerQuery(query('example.org', A), knows)).flags, '8583')
    assert.equal(read(answerQuery(query('vault.azure.net', AAAA), knows)).flags, '8583')
  })

  test('answers a question that carries more (EDNS) as if it did not', () => {
    const more = Buffer.from('0000291000000000000000', 'hex')
    const asked = Buffer.concat([query('kv1.vault.azure.net', A), more])
    asked.writeUInt16BE(1, 10)
    assert.equal(read(answerQuery(asked, knows)).address, '198.18.0.1')
  })

  test('answers no answer: two resolvers must not talk for ever', () => {
    assert.equal(answerQuery(query('kv1.vault.azure.net', A, 0x8180), knows), undefined)
  })

  test('refuses other operations, several questions and none', () => {
    assert.equal(read(answerQuery(query('kv1.vault.azure.net', A, 0x2000), knows)).flags, 'a484')
    for (const count of [0, 2]) {
      const asked = query('kv1.vault.azure.net', A)
      asked.writeUInt16BE(count, 4)
      assert.equal(read(answerQuery(asked, knows)).flags, '8581')
    }
  })

  test('refuses names that point elsewhere, run past the end or never end', () => {
    const head = query('x', A).subarray(0, 12)
    const hostile = [
      'c00c00010001',
      '3f61',
      '',
      '0161',
      '016100',
      `${'0161'.repeat(200)}0000010001`,
    ]
    for (const name of hostile) {
      const asked = Buffer.concat([head, Buffer.from(name, 'hex')])
      assert.equal(read(answerQuery(asked, knows)).flags, '8581', name)
    }
  })

  test('no packet makes it fail', () => {
    for (let round = 0; round < 5000; round++) {
      const packet = randomBytes(round % 80)
      if (round % 2 && packet.length >= 12) packet.set([0, 0, 0, 1], 2)
      answerQuery(packet, knows)
    }
  })

  test('over a stream: several questions in pieces, in order; rubbish ends the connection', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => answerStream(socket, knows))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const framed = (packet: Buffer) =>
      Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet])
    const questions = Buffer.concat([
      framed(query('kv1.vault.azure.net', A)),
      framed(query('example.org', A)),
      framed(Buffer.from('rubbish')),
    ])
    const socket = connect(port, '127.0.0.1')
    for (const byte of questions) socket.write(Buffer.from([byte]))
    const chunks = await socket.toArray()
    const said = Buffer.concat(chunks)
    const first = said.subarray(2, 2 + said.readUInt16BE(0))
    const second = said.subarray(4 + first.length)
    assert.equal(read(first).address, '198.18.0.1')
    assert.equal(read(second).flags, '8583')
    server.close()
  })
})
