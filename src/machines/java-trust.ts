/**
 * A Java trust store with given certificates, in the JKS format that every Java reads.
 *
 * Written here because `keytool` takes about a second and may not be installed. The format:
 * magic, version, count; per entry the tag, an alias, a date, the type and the certificate; at the
 * end SHA-1 over password, a fixed phrase and everything before. It guards against accident only.
 */
import { createHash, X509Certificate } from 'node:crypto'

const MAGIC = 0xfeedfeed
const VERSION = 2
const TRUSTED_CERTIFICATE = 2
/** The password that Java's own `cacerts` has. */
const PASSWORD = 'changeit'
const PHRASE = 'Mighty Aphrodite'

export interface TrustedCertificate {
  readonly alias: string
  readonly pem: string
}

export function javaTrustStore(certificates: readonly TrustedCertificate[]): Buffer {
  const entries = certificates.map(({ alias, pem }) => {
    const { raw } = new X509Certificate(pem)
    const noDate = Buffer.alloc(8)
    return [
      number(TRUSTED_CERTIFICATE),
      text(alias),
      noDate,
      text('X.509'),
      number(raw.length),
      raw,
    ]
  })
  const header = [number(MAGIC), number(VERSION), number(certificates.length)]
  const body = Buffer.concat([...header, ...entries.flat()])
  const password = Buffer.from(PASSWORD, 'utf16le').swap16()
  return Buffer.concat([
    body,
    createHash('sha1').update(password).update(PHRASE).update(body).digest(),
  ])
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
