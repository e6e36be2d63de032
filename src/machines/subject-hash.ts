/**
 * The file name under which OpenSSL looks for a certificate in a trust folder: `<hash>.0`.
 *
 * The hash is over the subject in OpenSSL's canonical form (X509_NAME_hash): every string value as
 * UTF-8, ASCII letters lower, space trimmed and runs of it made one; the outer SEQUENCE header left
 * off; SHA-1; its first four bytes as a little-endian number. Computed here so that starting needs
 * no `openssl` program; a test holds it to that program.
 */
import { createHash, X509Certificate } from 'node:crypto'

/** ASN.1 string types (X.690 tags) that the canonical form converts; any other value stays as is. */
const DECODERS: Readonly<Record<number, (bytes: Buffer) => string>> = {
  12: (bytes) => bytes.toString('utf8'), // UTF8String
  19: (bytes) => bytes.toString('latin1'), // PrintableString
  20: (bytes) => bytes.toString('latin1'), // T61String
  22: (bytes) => bytes.toString('latin1'), // IA5String
  26: (bytes) => bytes.toString('latin1'), // VisibleString
  28: (bytes) => bytes.swap32().toString('utf16le').replaceAll('\0', ''), // UniversalString, BMP part
  30: (bytes) => bytes.swap16().toString('utf16le'), // BMPString
}
const UTF8_STRING = 12
const CONTEXT_0 = 0xa0

/** Eight hex digits, for a certificate in PEM. Throws when the text is no certificate. */
export function subjectHash(pem: string): string {
  const canonical = children(subjectOf(new X509Certificate(pem).raw)).map(canonicalSet)
  const digest = createHash('sha1').update(Buffer.concat(canonical)).digest()
  return digest.readUInt32LE(0).toString(16).padStart(8, '0')
}

interface Element {
  readonly tag: number
  readonly content: Buffer
}

/** Certificate → TBSCertificate → [version], serial, signature, issuer, validity, *subject*. */
function subjectOf(certificate: Buffer): Element {
  const [whole] = elements(certificate)
  const toBeSigned = whole && children(whole)[0]
  const fields = toBeSigned ? children(toBeSigned) : []
  const subject = fields[fields[0]?.tag === CONTEXT_0 ? 5 : 4]
  if (!subject) throw new TypeError('not a certificate')
  return subject
}

function canonicalSet(set: Element): Buffer {
  const attributes = children(set).map((attribute) => {
    const [type, value] = children(attribute)
    if (!type || !value) throw new TypeError('not a name')
    return encode(attribute.tag, Buffer.concat([encode(type.tag, type.content), canonical(value)]))
  })
  // A SET is sorted in DER; changing the values may change the order.
  return encode(set.tag, Buffer.concat(attributes.sort(Buffer.compare)))
}

function canonical(value: Element): Buffer {
  const decode = DECODERS[value.tag]
  if (!decode) return encode(value.tag, value.content)
  const text = decode(Buffer.from(value.content))
    .replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return encode(UTF8_STRING, Buffer.from(text, 'utf8'))
}

function children(element: Element): Element[] {
  return elements(element.content)
}

function elements(bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at)
    let length = bytes.readUInt8(at + 1)
    let start = at + 2
    if (length > 0x80) {
      const size = length & 0x7f
      length = bytes.readUIntBE(start, size)
      start += size
    }
    found.push({ tag, content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return found
}

function encode(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const digits = length.toString(16)
  const size = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content])
}
