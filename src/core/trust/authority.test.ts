import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { connect, createServer } from 'node:tls'
import { inspect } from 'node:util'
import { makeCertificate, makeKeyPair, pem } from '../../base/certificate.ts'
import { after, DAY_MS, type Instant, runningClock } from '../../base/clock.ts'
import { Secret } from '../../base/secret.ts'
import {
  authorityServes,
  type KeyedCertificate,
  makeAuthority,
  makeServerCertificate,
  serverCertificateServes,
} from './authority.ts'

const SUFFIX = 'locum.localhost'
// A TLS client looks at the machine's own clock.
const NOW: Instant = runningClock().now()

let authority: KeyedCertificate
let server: KeyedCertificate
before(async () => {
  authority = await makeAuthority(SUFFIX, NOW)
  server = await makeServerCertificate(authority, SUFFIX, NOW)
})

/** Shakes hands as a client that trusts the authority alone; gives what went wrong, if anything. */
async function shakeHands(host: string, shown: KeyedCertificate): Promise<string | undefined> {
  const listening = createServer({ cert: shown.certificate, key: shown.key.reveal() })
  listening.on('secureConnection', (socket) => socket.end())
  listening.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  try {
    return await new Promise((resolve) => {
      const options = { port, host: '127.0.0.1', servername: host, ca: authority.certificate }
      const socket = connect(options, () => resolve(undefined))
      socket.on('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code?.startsWith('ERR_') ? error.code : error.message),
      )
      socket.resume()
    })
  } finally {
    listening.close()
  }
}

test('a client that trusts the authority takes the server under every name in use', async () => {
  const hosts = [
    'login.microsoftonline.com',
    'management.azure.com',
    'graph.microsoft.com',
    'kv1.vault.azure.net',
    'store1.blob.core.windows.net',
    'login.locum.localhost',
    'kv1.vault.locum.localhost',
  ]
  for (const host of hosts) assert.equal(await shakeHands(host, server), undefined, host)
})

test('and under no other name', async () => {
  for (const host of ['bank.example', 'a.b.vault.azure.net', 'vault.azure.net']) {
    assert.equal(await shakeHands(host, server), 'ERR_TLS_CERT_ALTNAME_INVALID', host)
  }
})

test('even its own signature on another name is worth nothing', async () => {
  const pair = await makeKeyPair('EC-P256')
  const privateKey = createPrivateKey(authority.key.reveal())
  const publicKey = createPublicKey(privateKey)
  const subject = new X509Certificate(authority.certificate).subject.replace('CN=', '')
  const { der } = await makeCertificate(
    {
      subject: 'stolen',
      publicKey: pair.publicKey,
      use: { kind: 'server', hosts: ['bank.example'] },
      notBefore: NOW,
      notAfter: after(NOW, DAY_MS),
    },
    { subject, privateKey, publicKey },
  )
  const key = pem('PRIVATE KEY', pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  const stolen = { certificate: pem('CERTIFICATE', der), key: new Secret(key) }
  assert.equal(await shakeHands('bank.example', stolen), 'permitted subtree violation')
})

test('the server lives at most 397 days from now, the authority ten years', () => {
  const life = ({ certificate }: KeyedCertificate) => {
    const read = new X509Certificate(certificate)
    return Math.round((Date.parse(read.validTo) - NOW) / DAY_MS)
  }
  assert.equal(life(server), 397)
  assert.equal(life(authority), 3650)
  assert.equal(new X509Certificate(authority.certificate).ca, true)
  assert.equal(new X509Certificate(server.certificate).ca, false)
})

test('the server is made again in its last month, for other names, or under another root', async () => {
  const serves = (suffix: string, days: number, root = authority) =>
    serverCertificateServes(server, root, suffix, after(NOW, days * DAY_MS))
  assert.equal(serves(SUFFIX, 0), true)
  assert.equal(serves(SUFFIX, 366), true)
  assert.equal(serves(SUFFIX, 368), false)
  assert.equal(serves('other.localhost', 0), false)
  assert.equal(serves(SUFFIX, 0, await makeAuthority(SUFFIX, NOW)), false)
})

test('the authority serves until its last month, and for the names it was made for', () => {
  const serves = (suffix: string, days: number) =>
    authorityServes(authority, suffix, after(NOW, days * DAY_MS))
  assert.equal(serves(SUFFIX, 0), true)
  assert.equal(serves(SUFFIX, 3619), true)
  assert.equal(serves(SUFFIX, 3621), false)
  assert.equal(serves('other.localhost', 0), false)
})

test('a certificate without its own key serves nobody', async () => {
  const other = await makeAuthority(SUFFIX, NOW)
  const torn = { certificate: authority.certificate, key: other.key }
  assert.equal(authorityServes(torn, SUFFIX, NOW), false)
  const tornServer = { certificate: server.certificate, key: other.key }
  assert.equal(serverCertificateServes(tornServer, authority, SUFFIX, NOW), false)
})

test('keys do not print', () => {
  assert.equal(inspect({ authority, server }).includes('PRIVATE KEY'), false)
  assert.equal(JSON.stringify({ authority, server }).includes('PRIVATE KEY'), false)
})
