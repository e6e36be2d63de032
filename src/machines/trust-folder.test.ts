import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { makeAuthority } from './fixture.authority.ts'
import { subjectHash } from './subject-hash.ts'
import { HOST_BUNDLES, trustEnvironment, writeTrustFolder } from './trust-folder.ts'

const has = (program: string) => !spawnSync(program, ['-help']).error
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

describe('the trust folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'locum-trust-'))
  after(() => rmSync(folder, { recursive: true }))
  const { certificate } = await makeAuthority(['*.vault.azure.net'])
  const trust = join(folder, 'trust')
  writeTrustFolder(trust, certificate)

  test('its bundle is the host’s and our root, ours last', () => {
    const bundle = readFileSync(join(trust, 'ca-certificates.crt'), 'utf8').match(CERTIFICATE) ?? []
    assert.equal(bundle.at(-1), certificate.trim())
    assert.ok(bundle.length === 1 || bundle.length > 50)
  })

  test('everybody in a machine can read it', () => {
    for (const path of ['', 'ca-certificates.crt', 'locum-root.pem', 'java', 'java/cacerts']) {
      assert.equal(statSync(join(trust, path)).mode & 0o044, 0o044, path)
    }
  })

  test('our root has the link by which OpenSSL finds it', () => {
    assert.equal(readlinkSync(join(trust, `${subjectHash(certificate)}.0`)), 'locum-root.pem')
  })

  test('making it again changes nothing', () => {
    const before = readFileSync(join(trust, 'ca-certificates.crt'), 'utf8')
    writeTrustFolder(trust, certificate)
    assert.equal(readFileSync(join(trust, 'ca-certificates.crt'), 'utf8'), before)
  })

  test('the link’s name is OpenSSL’s own, for ours and for all the host trusts', (t) => {
    if (!has('openssl')) return t.skip('openssl is not installed')
    const bundle = readFileSync(join(trust, 'ca-certificates.crt'), 'utf8').match(CERTIFICATE) ?? []
    for (const pem of bundle.slice(-60)) {
      const input = { input: pem, encoding: 'utf8' } as const
      const { stdout } = spawnSync('openssl', ['x509', '-noout', '-subject_hash'], input)
      assert.equal(subjectHash(pem), stdout.trim(), pem)
    }
  })

  test('java’s own tool reads the store, its digest included', (t) => {
    if (!has('keytool')) return t.skip('keytool is not installed')
    const store = ['-keystore', join(trust, 'java/cacerts'), '-storepass', 'changeit']
    const { status, stdout } = spawnSync('keytool', ['-list', ...store], { encoding: 'utf8' })
    assert.equal(status, 0, stdout)
    assert.match(stdout, /^locum-root, .*trustedCertEntry/m)
  })
})

test('programs that do not look into the folder are told by variables', () => {
  assert.deepEqual(trustEnvironment(), {
    SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
    REQUESTS_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
    CURL_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/locum-root.pem',
  })
  assert.ok(HOST_BUNDLES.includes(trustEnvironment().SSL_CERT_FILE as (typeof HOST_BUNDLES)[0]))
})
