/**
 * The trust folder: what stands at `/etc/ssl/certs` in every machine. One folder for all machines,
 * read-only in each.
 *
 * It trusts what this computer trusts, and our root: as one bundle (what most programs read), as a
 * file of its own with OpenSSL's hash link (Node, and programs that search the folder), and as a
 * Java trust store.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { javaTrustStore } from './java-trust.ts'
import { subjectHash } from './subject-hash.ts'

/** Where a machine sees the trust folder. */
export const TRUST_FOLDER = '/etc/ssl/certs'
export const BUNDLE = 'ca-certificates.crt'
const OUR_ROOT = 'locum-root.pem'
export const JAVA_STORE = 'java/cacerts'

/** Where systems keep the bundle of what they trust; the first that exists is read. */
export const HOST_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Alpine
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // Fedora
  '/etc/pki/tls/certs/ca-bundle.crt', // older Fedora
  '/etc/ssl/ca-bundle.pem', // SUSE
  '/etc/ssl/cert.pem', // Alpine, Arch
] as const

/** Programs that do not read the trust folder are told by these. `folder`: where they see it. */
export function trustEnvironment(folder: string = TRUST_FOLDER): Record<string, string> {
  const bundle = join(folder, BUNDLE)
  return {
    SSL_CERT_FILE: bundle,
    REQUESTS_CA_BUNDLE: bundle,
    CURL_CA_BUNDLE: bundle,
    NODE_EXTRA_CA_CERTS: join(folder, OUR_ROOT),
  }
}

/** Makes or renews the folder. `authority`: our root in PEM. */
export function writeTrustFolder(folder: string, authority: string): void {
  mkdirSync(join(folder, dirname(JAVA_STORE)), { recursive: true, mode: 0o755 })
  const ours = `${authority.trim()}\n`
  const host = hostBundle()
  write(join(folder, BUNDLE), `${host}${ours}`)
  write(join(folder, OUR_ROOT), ours)
  link(OUR_ROOT, join(folder, `${subjectHash(ours)}.0`))
  const trusted = certificatesIn(host).map((pem, index) => ({ alias: `host-${index}`, pem }))
  write(join(folder, JAVA_STORE), javaTrustStore([...trusted, { alias: 'locum-root', pem: ours }]))
}

function hostBundle(): string {
  for (const path of HOST_BUNDLES) {
    try {
      return `${readFileSync(path, 'utf8').trimEnd()}\n`
    } catch {}
  }
  return ''
}

function certificatesIn(bundle: string): string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}

/** Replaces in one step: a machine may be reading the old one. */
function write(path: string, content: string | Buffer): void {
  writeFileSync(`${path}.new`, content, { mode: 0o644 })
  renameSync(`${path}.new`, path)
}

function link(target: string, path: string): void {
  rmSync(path, { force: true })
  symlinkSync(target, path)
}
