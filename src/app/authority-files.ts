/**
 * The local root authority and the certificate of the TLS servers, in files of the data folder.
 *
 * The authority is made once and kept for good: it is what clients trust. It may sign names of
 * Azure's and of the local suffix only. The servers' certificate is made again when it grows old or
 * no longer covers every host name.
 */
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto'
import { type Issuer, makeCertificate, makeKeyPair, pem } from '../base/certificate.ts'
import { after, DAY_MS, HOUR_MS, type Instant } from '../base/clock.ts'
import { AZURE_HOSTS, localHosts } from '../base/names.ts'
import { type DataFolder, readFileIfThere, writePrivateFile } from './data-folder.ts'

export interface Authority {
  /** PEM: what clients trust. */
  readonly certificate: string
  readonly server: ServerCertificate
}

export interface ServerCertificate {
  /** PEM, of the server and of the authority that signed it. */
  readonly cert: string
  readonly key: string
}

const AUTHORITY_LIFE_MS = 10 * 365 * DAY_MS
/** Clients refuse server certificates of more than 398 days. */
const SERVER_LIFE_MS = 397 * DAY_MS
const RENEW_BEFORE_END_MS = 30 * DAY_MS
/** Clocks of clients may run behind. */
const BACKDATED_MS = HOUR_MS

/** Opens the two, making what is missing, old, or short of a name. */
export async function openAuthority(
  folder: DataFolder,
  { hostSuffix, now }: { hostSuffix: string; now: Instant },
): Promise<Authority> {
  const hosts = [...AZURE_HOSTS, ...localHosts(hostSuffix)]
  const permitted = [...AZURE_HOSTS.map(({ host }) => host), hostSuffix]
  const authority =
    readAuthority(folder, permitted, now) ?? (await makeAuthority(folder, permitted, now))
  const names = hosts.map(({ host, accounts }) => (accounts ? `*.${host}` : host))
  const server =
    readServer(folder, authority, names, now) ?? (await makeServer(folder, authority, names, now))
  return { certificate: authority.certificate, server }
}

interface KnownAuthority {
  readonly certificate: string
  readonly issuer: Issuer
}

/** The authority of the folder; undefined when there is none, or it may not sign these hosts. */
function readAuthority(
  folder: DataFolder,
  permitted: readonly string[],
  now: Instant,
): KnownAuthority | undefined {
  const certificate = readFileIfThere(folder.authorityCertificate)
  const key = readFileIfThere(folder.authorityKey)
  const signs = readFileIfThere(folder.authorityHosts)
  if (!certificate || !key || signs !== JSON.stringify(permitted)) return undefined
  if (isOld(new X509Certificate(certificate), now)) return undefined
  return { certificate, issuer: issuerOf(certificate, key) }
}

function issuerOf(certificate: string, key: string): Issuer {
  const subject = new X509Certificate(certificate).subject.replace(/^CN=/, '')
  const privateKey = createPrivateKey(key)
  return { subject, privateKey, publicKey: createPublicKey(privateKey) }
}

async function makeAuthority(
  folder: DataFolder,
  permitted: readonly string[],
  now: Instant,
): Promise<KnownAuthority> {
  const pair = await makeKeyPair('EC-P256')
  const subject = `Locum local authority ${randomUUID().slice(0, 8)}`
  const issuer = { subject, ...pair }
  const made = await makeCertificate(
    {
      subject,
      publicKey: pair.publicKey,
      use: { kind: 'authority', permittedHosts: permitted },
      notBefore: after(now, -BACKDATED_MS),
      notAfter: after(now, AUTHORITY_LIFE_MS),
    },
    issuer,
  )
  const certificate = pem('CERTIFICATE', made.der)
  writePrivateFile(folder.authorityKey, privatePem(pair.privateKey))
  writePrivateFile(folder.authorityCertificate, certificate)
  writePrivateFile(folder.authorityHosts, JSON.stringify(permitted))
  return { certificate, issuer }
}

/** The servers' certificate; undefined when there is none, it is old, or a name is missing. */
function readServer(
  folder: DataFolder,
  authority: KnownAuthority,
  names: readonly string[],
  now: Instant,
): ServerCertificate | undefined {
  const cert = readFileIfThere(folder.serverCertificate)
  const key = readFileIfThere(folder.serverKey)
  if (!cert || !key) return undefined
  const read = new X509Certificate(cert)
  const known = new Set(read.subjectAltName?.split(', ').map((name) => name.replace(/^DNS:/, '')))
  const stands =
    !isOld(read, now) &&
    read.verify(authority.issuer.publicKey) &&
    names.every((name) => known.has(name))
  return stands ? { cert, key } : undefined
}

async function makeServer(
  folder: DataFolder,
  authority: KnownAuthority,
  names: readonly string[],
  now: Instant,
): Promise<ServerCertificate> {
  const pair = await makeKeyPair('EC-P256')
  const made = await makeCertificate(
    {
      subject: 'Locum',
      publicKey: pair.publicKey,
      use: { kind: 'server', hosts: names },
      notBefore: after(now, -BACKDATED_MS),
      notAfter: after(now, SERVER_LIFE_MS),
    },
    authority.issuer,
  )
  const server = {
    cert: pem('CERTIFICATE', made.der) + authority.certificate,
    key: privatePem(pair.privateKey),
  }
  writePrivateFile(folder.serverKey, server.key)
  writePrivateFile(folder.serverCertificate, server.cert)
  return server
}

function isOld(certificate: X509Certificate, now: Instant): boolean {
  return Date.parse(certificate.validTo) - now < RENEW_BEFORE_END_MS
}

function privatePem(key: KeyObject): string {
  return pem('PRIVATE KEY', key.export({ type: 'pkcs8', format: 'der' }))
}
