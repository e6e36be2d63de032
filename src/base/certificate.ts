/**
 * Key pairs and X.509 certificates, as values: self-signed, or signed by an authority.
 *
 * Three uses are known: an authority that signs servers, a server, and a signer of tokens or
 * assertions. It leaves out everything else: no requests, no revocation, no parsing (Node's
 * `X509Certificate` reads), SHA-256 signatures only.
 */
import {
  createHash,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import { promisify } from 'node:util'
import { type Instant, SECOND_MS } from './clock.ts'
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tagged,
  time,
  utf8String,
} from './der.ts'

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export type KeyKind = 'RSA-2048' | 'EC-P256'

export interface Certificate {
  readonly der: Buffer
  readonly notBefore: Instant
  readonly notAfter: Instant
}

/** What a certificate is good for; each use has its own extensions. */
export type CertificateUse =
  /** Signs other certificates, for these hosts and hosts below them only. */
  | { readonly kind: 'authority'; readonly permittedHosts: readonly string[] }
  /** Answers TLS under these host names; `*.` in front covers one label. */
  | { readonly kind: 'server'; readonly hosts: readonly string[] }
  /** Signs tokens or assertions. */
  | { readonly kind: 'signer' }

export interface CertificateRequest {
  /** The common name. */
  readonly subject: string
  readonly publicKey: KeyObject
  readonly use: CertificateUse
  readonly notBefore: Instant
  readonly notAfter: Instant
}

/** Who signs: for a self-signed certificate, the subject with its own key pair. */
export interface Issuer extends KeyPair {
  readonly subject: string
}

const SERIAL_BYTES = 16
const KEY_IDENTIFIER_BYTES = 20

const OID = {
  commonName: '2.5.4.3',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
}

const NULL = Buffer.of(0x05, 0x00)
const VERSION_3 = tagged(0, integer(Buffer.of(2)), 'constructed')

const generate = promisify(generateKeyPair)
const signBytes = promisify(sign)

/** Makes a key pair off the main thread. RSA-2048 takes tens of milliseconds of a core. */
export async function makeKeyPair(kind: KeyKind): Promise<KeyPair> {
  return kind === 'RSA-2048'
    ? generate('rsa', { modulusLength: 2048 })
    : generate('ec', { namedCurve: 'P-256' })
}

/** Makes a certificate. Its times are cut to whole seconds, as X.509 writes them. */
export async function makeCertificate(
  asked: CertificateRequest,
  issuer: Issuer,
): Promise<Certificate> {
  const algorithm = signatureAlgorithm(issuer.privateKey)
  const body = sequence(
    VERSION_3,
    integer(serialNumber()),
    algorithm,
    commonName(issuer.subject),
    sequence(time(asked.notBefore), time(asked.notAfter)),
    commonName(asked.subject),
    asked.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensionsOf(asked, issuer)), 'constructed'),
  )
  const signature = await signBytes('sha256', body, issuer.privateKey)
  return {
    der: sequence(body, algorithm, bitString(signature)),
    notBefore: wholeSeconds(asked.notBefore),
    notAfter: wholeSeconds(asked.notAfter),
  }
}

/** Reads the public key of a certificate. @throws Error when the bytes are no certificate */
export function certificateKey(der: Uint8Array): KeyObject {
  return new X509Certificate(der).publicKey
}

/** Whether an authority's certificate permits exactly these hosts, in this order. */
export function permitsExactly(der: Uint8Array, hosts: readonly string[]): boolean {
  return Buffer.from(der).includes(critical(OID.nameConstraints, permittedSubtrees(hosts)))
}

/** The digest by which tokens and directory objects name a certificate. */
export function thumbprint(der: Uint8Array, algorithm: 'sha1' | 'sha256'): Buffer {
  return createHash(algorithm).update(der).digest()
}

/** Writes DER bytes as PEM. */
export function pem(label: 'CERTIFICATE' | 'PRIVATE KEY', der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function serialNumber(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES)
  // Positive and of full length, whatever was drawn.
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes
}

function wholeSeconds(instant: Instant): Instant {
  return (instant - (instant % SECOND_MS)) as Instant
}

function commonName(name: string): Buffer {
  return sequence(setOf(sequence(objectIdentifier(OID.commonName), utf8String(name))))
}

function signatureAlgorithm(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'rsa'
    ? sequence(objectIdentifier(OID.sha256WithRsa), NULL)
    : sequence(objectIdentifier(OID.ecdsaWithSha256))
}

function extensionsOf({ publicKey, use }: CertificateRequest, issuer: Issuer): Buffer[] {
  const identifiers = [
    extension(OID.subjectKeyIdentifier, octetString(keyIdentifier(publicKey))),
    extension(
      OID.authorityKeyIdentifier,
      sequence(tagged(0, keyIdentifier(issuer.publicKey), 'plain')),
    ),
  ]
  switch (use.kind) {
    case 'authority':
      return [
        // A path length of 0: it signs leaves, and no other authority.
        critical(OID.basicConstraints, sequence(boolean(true), integer(Buffer.of(0)))),
        critical(OID.keyUsage, KEY_USAGE.signsCertificates),
        critical(OID.nameConstraints, permittedSubtrees(use.permittedHosts)),
        ...identifiers,
      ]
    case 'server':
      return [
        critical(OID.basicConstraints, sequence()),
        critical(OID.keyUsage, KEY_USAGE.signs),
        extension(OID.extendedKeyUsage, sequence(objectIdentifier(OID.serverAuth))),
        extension(OID.subjectAltName, sequence(...use.hosts.map(dnsName))),
        ...identifiers,
      ]
    case 'signer':
      return [critical(OID.keyUsage, KEY_USAGE.signs), ...identifiers]
  }
}

/** Bits count from the most significant: digitalSignature is 0, keyCertSign 5, cRLSign 6. */
const KEY_USAGE = {
  signs: bitString(Buffer.of(0x80), 7),
  signsCertificates: bitString(Buffer.of(0x06), 1),
}

function permittedSubtrees(hosts: readonly string[]): Buffer {
  const subtrees = hosts.map((host) => sequence(dnsName(host)))
  return sequence(tagged(0, Buffer.concat(subtrees), 'constructed'))
}

function dnsName(host: string): Buffer {
  return tagged(2, Buffer.from(host, 'ascii'), 'plain')
}

function keyIdentifier(key: KeyObject): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest().subarray(0, KEY_IDENTIFIER_BYTES)
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(oid), octetString(value))
}

function critical(oid: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(oid), boolean(true), octetString(value))
}
