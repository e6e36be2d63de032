import assert from 'node:assert/strict'
import { constants, createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { signDigest, verifyDigest } from './ecdsa.ts'
import { CURVES, timesGenerator } from './elliptic-curves.ts'
import { type Hash, type RsaEncoding, signRsa, verifyRsa } from './rsa-signatures.ts'

const TEXT = Buffer.from('what was signed')
const digestOf = (hash: string) => createHash(hash).update(TEXT).digest()

for (const [name, hash] of [
  ['P-256', 'sha256'],
  ['P-384', 'sha384'],
  ['P-521', 'sha512'],
  ['P-256K', 'sha256'],
] as const) {
  const curve = CURVES.get(name)
  assert.ok(curve)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve.openssl })

  test(`ECDSA on ${name}: OpenSSL verifies what we sign`, () => {
    const signature = signDigest(curve, privateKey, digestOf(hash))
    assert.equal(signature.length, 2 * curve.coordinateBytes)
    assert.ok(verify(hash, TEXT, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature))
  })

  test(`ECDSA on ${name}: we verify what OpenSSL signs, and nothing else`, () => {
    const signature = sign(hash, TEXT, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const digest = digestOf(hash)
    assert.ok(verifyDigest(curve, publicKey, digest, signature))
    const otherDigest = Buffer.from(digest)
    otherDigest[5] = (otherDigest[5] ?? 0) ^ 1
    assert.ok(!verifyDigest(curve, publicKey, otherDigest, signature))
    for (const at of [0, curve.coordinateBytes + 7]) {
      const forged = Buffer.from(signature)
      forged[at] = (forged[at] ?? 0) ^ 1
      assert.ok(!verifyDigest(curve, publicKey, digest, forged))
    }
    const { publicKey: other } = generateKeyPairSync('ec', { namedCurve: curve.openssl })
    assert.ok(!verifyDigest(curve, other, digest, signature))
    assert.ok(!verifyDigest(curve, publicKey, digest, signature.subarray(1)))
    assert.ok(!verifyDigest(curve, publicKey, digest, Buffer.alloc(signature.length)))
  })

  test(`${name}: the order in the table is the order of the generator`, () => {
    const first = timesGenerator(curve, 1n)
    const last = timesGenerator(curve, curve.n - 1n)
    assert.equal(last.x, first.x)
    assert.equal(last.y, curve.p - first.y)
  })
}

test('ECDSA never uses a nonce twice', () => {
  const curve = CURVES.get('P-256')
  assert.ok(curve)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve.openssl })
  const digest = digestOf('sha256')
  const seen = new Set<string>()
  for (let at = 0; at < 20; at++) {
    seen.add(signDigest(curve, privateKey, digest).subarray(0, 32).toString('hex'))
  }
  assert.equal(seen.size, 20)
})

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const NODE_PADDING = {
  pkcs1: { padding: constants.RSA_PKCS1_PADDING },
  pss: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
} satisfies Record<RsaEncoding, object>

for (const encoding of ['pkcs1', 'pss'] as const) {
  for (const hash of ['sha256', 'sha384', 'sha512'] as const satisfies Hash[]) {
    test(`RSA ${encoding} with ${hash} agrees with OpenSSL in both directions`, () => {
      const digest = digestOf(hash)
      const ours = signRsa(privateKey, encoding, hash, digest)
      assert.ok(verify(hash, TEXT, { key: publicKey, ...NODE_PADDING[encoding] }, ours))
      const theirs = sign(hash, TEXT, { key: privateKey, ...NODE_PADDING[encoding] })
      assert.ok(verifyRsa(publicKey, encoding, hash, digest, theirs))
    })

    test(`RSA ${encoding} with ${hash} refuses everything else`, () => {
      const digest = digestOf(hash)
      const signature = signRsa(privateKey, encoding, hash, digest)
      const forged = Buffer.from(signature)
      forged[9] = (forged[9] ?? 0) ^ 1
      assert.ok(!verifyRsa(publicKey, encoding, hash, digest, forged))
      assert.ok(!verifyRsa(publicKey, encoding, hash, digest, signature.subarray(1)))
      assert.ok(!verifyRsa(publicKey, encoding, hash, digest, Buffer.alloc(256, 0xff)))
      const otherEncoding = encoding === 'pss' ? 'pkcs1' : 'pss'
      assert.ok(!verifyRsa(publicKey, otherEncoding, hash, digest, signature))
      const otherDigest = createHash(hash).update('other').digest()
      assert.ok(!verifyRsa(publicKey, encoding, hash, otherDigest, signature))
    })
  }
}
