/**
 * Whom clients trust: the local root authority of an instance, and the certificate of its TLS
 * servers. The rules are here, as values in and out; where the two are kept is for others to know.
 *
 * Whoever trusts the root trusts it for Azure's names and the local suffix only: the certificate
 * itself says so, and a stolen key signs nothing else that a client would take. Times are the
 * machine's own, not a moved clock's, because clients look at their own clocks. It knows no other
 * room of core.
 */
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto'
import {
  type Issuer,
  makeCertificate,
  makeKeyPair,
  pem,
  permitsExactly,
} from '../../base/certificate.ts'
import { after, DAY_MS, HOUR_MS, type Instant } from '../../base/clock.ts'
import { AZURE_HOSTS, localHosts } from '../../base/names.ts'
import { Secret } from '../../base/secret.ts'

/** A certificate and its key, both PEM. */
export interface KeyedCertificate {
  /** Of a server: its own first, then the one that signed it. */
  readonly certificate: string
  readonly key: Secret<string>
}

const AUTHORITY_LIFE_MS = 10 * 365 * DAY_MS
/** Clients refuse server certificates of more than 398 days. */
const SERVER_LIFE_MS = 397 * DAY_MS
const RENEWED_BEFORE_END_MS = 30 * DAY_MS
/** Clocks of clients may run behind. */
const BACKDATED_MS = HOUR_MS
const AUTHORITY_NAME = 'Locum local authority'
const SERVER_NAME = 'Locum'

/** Makes a root authority that may sign Azure's names and those under the suffix. */
export async function makeAuthority(hostSuffix: string, now: Instant): Promise<KeyedCertificate> {
  const pair = await makeKeyPair('EC-P256')
  // Roots of several instances lie side by side in one trust store: their names differ.
  const subject = `${AUTHORITY_NAME} ${randomUUID().slice(0, 8)}`
  const made = await makeCertificate(
    {
      subject,
      publicKey: pair.publicKey,
      use: { kind: 'authority', permittedHosts: permittedHosts(hostSuffix) },
      notBefore: after(now, -BACKDATED_MS),
      notAfter: after(now, AUTHORITY_LIFE_MS),
    },
    { subject, ...pair },
  )
  return { certificate: pem('CERTIFICATE', made.der), key: privatePem(pair.privateKey) }
}

/** Whether an authority still serves: whole, far from its end, for exactly the names in use. */
export function authorityServes(
  authority: KeyedCertificate,
  hostSuffix: string,
  now: Instant,
): boolean {
  const read = new X509Certificate(authority.certificate)
  return (
    !isOld(read, now) &&
    permitsExactly(read.raw, permittedHosts(hostSuffix)) &&
    read.checkPrivateKey(createPrivateKey(authority.key.reveal()))
  )
}

/** Makes the certificate of the TLS servers, for every name in use. */
export async function makeServerCertificate(
  authority: KeyedCertificate,
  hostSuffix: string,
  now: Instant,
): Promise<KeyedCertificate> {
  const pair = await makeKeyPair('EC-P256')
  const made = await makeCertificate(
    {
      subject: SERVER_NAME,
      publicKey: pair.publicKey,
      use: { kind: 'server', hosts: serverNames(hostSuffix) },
      notBefore: after(now, -BACKDATED_MS),
      notAfter: after(now, SERVER_LIFE_MS),
    },
    issuerOf(authority),
  )
  return {
    certificate: pem('CERTIFICATE', made.der) + authority.certificate,
    key: privatePem(pair.privateKey),
  }
}

/** Whether the servers' certificate still serves: signed by this authority, complete, not old. */
export function serverCertificateServes(
  server: KeyedCertificate,
  authority: KeyedCertificate,
  hostSuffix: string,
  now: Instant,
): boolean {
  const read = new X509Certificate(server.certificate)
  const names = new Set(read.subjectAltName?.split(', ').map((name) => name.replace(/^DNS:/, '')))
  return (
    !isOld(read, now) &&
    read.checkPrivateKey(createPrivateKey(server.key.reveal())) &&
    read.verify(issuerOf(authority).publicKey) &&
    serverNames(hostSuffix).every((name) => names.has(name))
  )
}

function permittedHosts(hostSuffix: string): string[] {
  return [...AZURE_HOSTS.map(({ host }) => host), hostSuffix]
}

/** Accounts are one label in front of their service. */
function serverNames(hostSuffix: string): string[] {
  return [...AZURE_HOSTS, ...localHosts(hostSuffix)].map(({ host, accounts }) =>
    accounts ? `*.${host}` : host,
  )
}

function issuerOf({ certificate, key }: KeyedCertificate): Issuer {
  const privateKey = createPrivateKey(key.reveal())
  const [, subject = ''] = /^CN=(.*)$/m.exec(new X509Certificate(certificate).subject) ?? []
  return { subject, privateKey, publicKey: createPublicKey(privateKey) }
}

function isOld(certificate: X509Certificate, now: Instant): boolean {
  return Date.parse(certificate.validTo) - now < RENEWED_BEFORE_END_MS
}

function privatePem(key: KeyObject): Secret<string> {
  return new Secret(pem('PRIVATE KEY', key.export({ type: 'pkcs8', format: 'der' })))
}
