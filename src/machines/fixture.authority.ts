/** For tests: a throw-away certificate authority and a server certificate under it. */
import {
  type Certificate,
  type CertificateUse,
  type KeyPair,
  makeCertificate,
  makeKeyPair,
  pem,
} from '../base/certificate.ts'
import { after, DAY_MS, runningClock } from '../base/clock.ts'

export interface TestAuthority {
  readonly certificate: string
  readonly server: { readonly key: string; readonly cert: string }
}

/** Its name has what the canonical form changes: capitals, letters beyond ASCII, runs of space. */
const SUBJECT = 'Throw-away  Tést Root '

export async function makeAuthority(hosts: readonly string[]): Promise<TestAuthority> {
  const root = await makeKeyPair('EC-P256')
  const server = await makeKeyPair('EC-P256')
  const issuer = { subject: SUBJECT, ...root }
  const ofRoot = await issue(SUBJECT, root, { kind: 'authority', permittedHosts: ['azure.net'] })
  const ofServer = await issue('test server', server, { kind: 'server', hosts })
  return {
    certificate: pem('CERTIFICATE', ofRoot.der),
    server: {
      key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: pem('CERTIFICATE', ofServer.der),
    },
  }

  function issue(subject: string, keys: KeyPair, use: CertificateUse): Promise<Certificate> {
    const now = runningClock().now()
    const life = { notBefore: after(now, -DAY_MS), notAfter: after(now, 30 * DAY_MS) }
    return makeCertificate({ subject, publicKey: keys.publicKey, use, ...life }, issuer)
  }
}
