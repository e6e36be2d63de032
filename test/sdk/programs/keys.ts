/** In a machine: keys and what they do, with @azure/keyvault-keys and a managed identity. */
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { DefaultAzureCredential } from '@azure/identity'
import {
  CryptographyClient,
  type EncryptParameters,
  KeyClient,
  type KeyWrapAlgorithm,
  type SignatureAlgorithm,
} from '@azure/keyvault-keys'
import { print, refusal } from './print.ts'

const [vaultUrl = ''] = process.argv.slice(2)
const credential = new DefaultAzureCredential()
const client = new KeyClient(vaultUrl, credential)

const rsa = await client.createRsaKey('rsa', { keySize: 2048 })
const curve = await client.createEcKey('curve', { curve: 'P-256' })
const signOnly = await client.createRsaKey('sign-only', { keyOps: ['sign', 'verify'] })
const withRsa = new CryptographyClient(rsa, credential)
const withCurve = new CryptographyClient(curve, credential)
const withSignOnly = new CryptographyClient(signOnly.id ?? '', credential)

const message = Buffer.from('what a key is for')
const digest = createHash('sha256').update(message).digest()
const seen: Record<string, unknown> = {}

for (const algorithm of ['RS256', 'PS256'] satisfies SignatureAlgorithm[]) {
  const { result } = await withRsa.sign(algorithm, digest)
  const { result: valid } = await withRsa.verify(algorithm, digest, result)
  const { result: forged } = await withRsa.verify(algorithm, digest, randomBytes(result.length))
  seen[algorithm] = { valid, forged, bytes: result.length }
}
{
  const { result } = await withCurve.sign('ES256', digest)
  const { result: valid } = await withCurve.verify('ES256', digest, result)
  const { crv, x, y } = curve.key ?? {}
  const jwk = { kty: 'EC', crv, x: base64url(x), y: base64url(y) } as Record<string, string>
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const here = verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, result)
  seen.ES256 = { valid, here, bytes: result.length }
}
for (const algorithm of ['RSA-OAEP', 'RSA-OAEP-256', 'RSA1_5'] satisfies KeyWrapAlgorithm[]) {
  const { result: sealed } = await withRsa.encrypt({
    algorithm,
    plaintext: message,
  } as EncryptParameters)
  const { result: opened } = await withRsa.decrypt({ algorithm, ciphertext: sealed })
  const secret = randomBytes(32)
  const { result: wrapped } = await withRsa.wrapKey(algorithm, secret)
  const { result: unwrapped } = await withRsa.unwrapKey(algorithm, wrapped)
  seen[algorithm] = {
    decrypted: Buffer.from(opened).toString(),
    unwrapped: secret.equals(Buffer.from(unwrapped)),
  }
}
const { result: signed } = await withSignOnly.sign('RS384', createHash('sha384').digest())
seen.signOnly = { bytes: signed.length, decrypts: await refusal(decryptWithSignOnly()) }

await client.updateKeyProperties('curve', { tags: { of: 'test' } })
const updated = await client.getKey('curve')
const listed: string[] = []
for await (const { name } of client.listPropertiesOfKeys()) listed.push(name)
await client.createRsaKey('rsa', { keySize: 3072 })
const versions: unknown[] = []
for await (const { version } of client.listPropertiesOfKeyVersions('rsa')) versions.push(version)
const older = await withRsa.sign('RS256', digest)
await (await client.beginDeleteKey('sign-only')).pollUntilDone()
const gone = await refusal(client.getKey('sign-only'))
await (await client.beginRecoverDeletedKey('sign-only')).pollUntilDone()

await client.updateKeyRotationPolicy('curve', {
  lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P2M' }],
  expiresIn: 'P1Y',
})
const policy = await client.getKeyRotationPolicy('curve')
const rotated = await client.rotateKey('curve')
const validDays =
  (Number(rotated.properties.expiresOn) - Number(rotated.properties.createdOn)) / 86_400_000

const backup = await client.backupKey('curve')
await (await client.beginDeleteKey('curve')).pollUntilDone()
await client.purgeDeletedKey('curve')
const restored = await client.restoreKeyBackup(backup ?? new Uint8Array())
const afterwards = await withCurve.sign('ES256', digest)

print({
  seen,
  rotation: {
    actions: policy.lifetimeActions?.map(({ action }) => action),
    anew: rotated.id !== curve.id,
    validDays,
  },
  backup: { same: restored.id === rotated.id, olderVersionSigns: afterwards.keyID === curve.id },
  rsa: {
    type: rsa.keyType,
    operations: rsa.keyOperations?.toSorted(),
    private: rsa.key?.d !== undefined,
  },
  curve: { type: curve.keyType, name: curve.key?.crv, tags: updated.properties.tags },
  listed: listed.sort(),
  versions: versions.length,
  olderVersionSigns: older.keyID === rsa.id,
  gone,
  recovered: (await client.getKey('sign-only')).keyOperations,
})

/** The client knows from the key's operations that it need not ask. */
function decryptWithSignOnly(): Promise<unknown> {
  return withSignOnly.decrypt({ algorithm: 'RSA-OAEP', ciphertext: randomBytes(256) })
}

function base64url(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64url')
}
