import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  type CertificateUse,
  certificateKey,
  type KeyKind,
  makeCertificate,
  makeKeyPair,
  pem,
  thumbprint,
} from './certificate.ts'
import { DAY_MS, epochSeconds, type Instant } from './clock.ts'

const NOW = Date.parse('2026-01-15T09:30:00.750Z') as Instant
const IN_90_DAYS = (NOW + 90 * DAY_MS) as Instant

async function selfSigned(kind: KeyKind, use: CertificateUse, notAfter = IN_90_DAYS) {
  const keys = await makeKeyPair(kind)
  const subject = 'CN of the test, é'
  const asked = { subject, publicKey: keys.publicKey, use, notBefore: NOW, notAfter }
  const issuer = { subject, ...keys }
  return { issuer, certificate: await makeCertificate(asked, issuer) }
}

for (const kind of ['RSA-2048', 'EC-P256'] as const) {
  test(`a self-signed ${kind} certificate is read by Node, with its own key and times`, async () => {
    const { issuer, certificate } = await selfSigned(kind, { kind: 'signer' })
    const read = new X509Certificate(certificate.der)
    assert.equal(read.subject, 'CN=CN of the test\\, é')
    assert.equal(read.issuer, read.subject)
    assert.equal(read.validFromDate.toISOString(), '2026-01-15T09:30:00.000Z')
    assert.equal(read.validToDate.toISOString(), '2026-04-15T09:30:00.000Z')
    assert.equal(read.verify(issuer.publicKey), true)
    assert.equal(read.checkPrivateKey(issuer.privateKey), true)
    assert.equal(read.ca, false)
    assert.equal(certificate.notBefore, read.validFromDate.getTime())
    assert.equal(certificate.notAfter, read.validToDate.getTime())
    assert.deepEqual(
      certificateKey(certificate.der).export({ format: 'jwk' }),
      issuer.publicKey.export({ format: 'jwk' }),
    )
  })
}

test('RSA keys have 2048 bits and the usual exponent', async () => {
  const { privateKey } = await makeKeyPair('RSA-2048')
  assert.deepEqual(privateKey.asymmetricKeyDetails, {
    modulusLength: 2048,
    publicExponent: 65537n,
  })
})

test('thumbprints are those that Node computes', async () => {
  const { certificate } = await selfSigned('EC-P256', { kind: 'signer' })
  const read = new X509Certificate(certificate.der)
  const withColons = (bytes: Buffer) => bytes.toString('hex').toUpperCase().match(/../g)?.join(':')
  assert.equal(withColons(thumbprint(certificate.der, 'sha1')), read.fingerprint)
  assert.equal(withColons(thumbprint(certificate.der, 'sha256')), read.fingerprint256)
})

test('times from 2050 on are written with four digits of the year', async () => {
  const late = Date.parse('2050-01-01T00:00:00Z') as Instant
  const { certificate } = await selfSigned('EC-P256', { kind: 'signer' }, late)
  const read = new X509Certificate(certificate.der)
  assert.equal(read.validToDate.toISOString(), '2050-01-01T00:00:00.000Z')
})

const skip = spawnSync('openssl', ['version']).error ? 'openssl is not installed' : false

test('OpenSSL holds a server to its authority, and to its constraints', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'locum-certificate-'))
  try {
    const root = await selfSigned('EC-P256', {
      kind: 'authority',
      permittedHosts: ['azure.net', 'localhost'],
    })
    const serverPem = async (hosts: readonly string[]) => {
      const { publicKey } = await makeKeyPair('EC-P256')
      const use = { kind: 'server', hosts } as const
      const asked = {
        subject: 'server',
        publicKey,
        use,
        notBefore: NOW,
        notAfter: IN_90_DAYS,
      }
      return pem('CERTIFICATE', (await makeCertificate(asked, root.issuer)).der)
    }
    writeFileSync(join(folder, 'root.pem'), pem('CERTIFICATE', root.certificate.der))
    writeFileSync(join(folder, 'good.pem'), await serverPem(['*.vault.azure.net', 'a.localhost']))
    writeFileSync(join(folder, 'bad.pem'), await serverPem(['vault.azure.net', 'bank.example']))
    const verify = (file: string, host: string) =>
      execFileSync(
        'openssl',
        [
          ...[
            'verify',
            '-x509_strict',
            '-purpose',
            'sslserver',
            '-attime',
            String(epochSeconds(NOW) + 60),
          ],
          ...['-verify_hostname', host, '-CAfile', 'root.pem', file],
        ],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' },
      )
    assert.equal(verify('good.pem', 'kv1.vault.azure.net'), 'good.pem: OK\n')
    assert.throws(() => verify('good.pem', 'deep.kv1.vault.azure.net'), /hostname mismatch/i)
    assert.throws(() => verify('bad.pem', 'vault.azure.net'), /permitted subtree violation/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
