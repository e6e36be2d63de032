import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { makeCertificate, makeKeyPair } from './certificate.ts'
import { DAY_MS, type Instant } from './clock.ts'
import { pkcs12 } from './pkcs12.ts'

const NOW = Date.parse('2026-01-15T09:30:00.000Z') as Instant

/** @returns all that OpenSSL finds in the file: attributes, certificates and keys in PEM */
function readByOpenSsl(file: Uint8Array): string {
  const options = ['pkcs12', '-nodes', '-nomacver', '-passin', 'pass:']
  return execFileSync('openssl', options, { input: file, encoding: 'utf8', stdio: 'pipe' })
}

describe('a PKCS#12 file', () => {
  it('gives OpenSSL the key and its certificate, each marked as the other’s, with no password', async () => {
    const pair = await makeKeyPair('RSA-2048')
    const asked = { subject: 'somebody', use: { kind: 'signer' }, notBefore: NOW } as const
    const { der } = await makeCertificate(
      { ...asked, publicKey: pair.publicKey, notAfter: (NOW + DAY_MS) as Instant },
      { subject: 'somebody', ...pair },
    )
    const found = readByOpenSsl(pkcs12(der, pair.privateKey))
    assert.deepEqual(new X509Certificate(found).raw, der)
    assert.ok(createPrivateKey(found).equals(pair.privateKey))
    const marks = [...found.matchAll(/localKeyID: (.*)/g)].map(([, mark]) => mark)
    assert.equal(marks.length, 2)
    assert.equal(marks[0], marks[1])
  })
})
