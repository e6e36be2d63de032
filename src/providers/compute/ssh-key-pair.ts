/** Key pairs in the forms that OpenSSH reads. */
import { generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

export interface SshKeyPair {
  readonly publicKey: string
  readonly privateKey: string
}

const generate = promisify(generateKeyPair)
const RSA_BITS = 3072
const COMMENT = 'generated-by-azure'

export async function newSshKeyPair(kind: 'RSA' | 'Ed25519'): Promise<SshKeyPair> {
  return kind === 'RSA' ? newRsaPair() : newEd25519Pair()
}

async function newRsaPair(): Promise<SshKeyPair> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: RSA_BITS })
  const { n, e } = publicKey.export({ format: 'jwk' })
  const blob = Buffer.concat([text('ssh-rsa'), number(bytes(e)), number(bytes(n))])
  return {
    publicKey: `ssh-rsa ${blob.toString('base64')} ${COMMENT}`,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  }
}

async function newEd25519Pair(): Promise<SshKeyPair> {
  const { publicKey, privateKey } = await generate('ed25519')
  const point = bytes(publicKey.export({ format: 'jwk' }).x)
  const blob = Buffer.concat([text('ssh-ed25519'), field(point)])
  return {
    publicKey: `ssh-ed25519 ${blob.toString('base64')} ${COMMENT}`,
    privateKey: openSshPem(blob, point, privateKey),
  }
}

/** OpenSSH's own form, unencrypted: PEM of other forms is not read for this kind of key. */
function openSshPem(publicBlob: Buffer, point: Buffer, privateKey: KeyObject): string {
  const seed = bytes(privateKey.export({ format: 'jwk' }).d)
  const check = Buffer.alloc(8, 7)
  const secret = Buffer.concat([
    check,
    text('ssh-ed25519'),
    field(point),
    field(Buffer.concat([seed, point])),
    text(COMMENT),
  ])
  const padding = Buffer.from(
    Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1),
  )
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    field(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    field(publicBlob),
    field(Buffer.concat([secret, padding])),
  ])
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? []
  const label = 'OPENSSH PRIVATE KEY'
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function bytes(member: JsonWebKey[string]): Buffer {
  return Buffer.from(String(member), 'base64url')
}

/** A length and as many bytes. */
function field(value: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(value.length)
  return Buffer.concat([length, value])
}

function text(value: string): Buffer {
  return field(Buffer.from(value))
}

/** A number that would look negative gets a zero before it. */
function number(value: Buffer): Buffer {
  return field((value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), value]) : value)
}
