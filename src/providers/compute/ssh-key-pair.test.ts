import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { newSshKeyPair } from './ssh-key-pair.ts'

describe('a pair of SSH keys', () => {
  it('is of RSA: PKCS 1, whose public half is the line that servers read', async () => {
    const { publicKey, privateKey } = await newSshKeyPair('RSA')
    assert.match(privateKey, /^-----BEGIN RSA PRIVATE KEY-----\n/)
    const [kind, blob, comment] = publicKey.split(' ')
    assert.deepEqual([kind, comment], ['ssh-rsa', 'generated-by-azure'])
    const { n } = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' })
    const modulus = Buffer.from(String(n), 'base64url')
    assert.equal(modulus.length, 384)
    assert.ok(
      Buffer.from(blob ?? '', 'base64')
        .subarray(-384)
        .equals(modulus),
    )
  })

  it('is of Ed25519, in OpenSSH’s own form', { skip: !hasKeygen() }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pair-'))
    try {
      const { publicKey, privateKey } = await newSshKeyPair('Ed25519')
      const file = join(folder, 'key')
      writeFileSync(file, privateKey, { mode: 0o600 })
      const derived = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' })
      assert.equal(derived.trim(), publicKey)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

function hasKeygen(): boolean {
  try {
    execFileSync('ssh-keygen', ['-l', '-f', '/dev/null'], { stdio: 'ignore' })
    return true
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
