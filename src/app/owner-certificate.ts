/**
 * The certificate and key of the owner service principal, in the two files that Azure's clients
 * read: PEM (AZURE_CLIENT_CERTIFICATE_PATH) and, for Terraform, PKCS#12
 * (ARM_CLIENT_CERTIFICATE_PATH).
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { makeCertificate, makeKeyPair, pem } from '../base/certificate.ts'
import { after, DAY_MS, HOUR_MS, type Instant } from '../base/clock.ts'
import { pkcs12 } from '../base/pkcs12.ts'
import { type DataFolder, readFileIfThere, writePrivateFile } from './data-folder.ts'

export interface OwnerCertificate {
  readonly der: Buffer
  readonly privateKey: KeyObject
  readonly notAfter: Instant
}

const LIFE_MS = 2 * 365 * DAY_MS
const BACKDATED_MS = HOUR_MS

export async function makeOwnerCertificate(
  subject: string,
  now: Instant,
): Promise<OwnerCertificate> {
  const pair = await makeKeyPair('RSA-2048')
  const { der, notAfter } = await makeCertificate(
    {
      subject,
      publicKey: pair.publicKey,
      use: { kind: 'signer' },
      notBefore: after(now, -BACKDATED_MS),
      notAfter: after(now, LIFE_MS),
    },
    { subject, ...pair },
  )
  return { der, privateKey: pair.privateKey, notAfter }
}

/** The PEM file last: it alone is read again, and says that the other is there. */
export function writeOwnerCertificate(
  folder: DataFolder,
  { der, privateKey }: OwnerCertificate,
): void {
  writePrivateFile(folder.ownerPkcs12, pkcs12(der, privateKey))
  const key = pem('PRIVATE KEY', privateKey.export({ type: 'pkcs8', format: 'der' }))
  writePrivateFile(folder.ownerCertificate, key + pem('CERTIFICATE', der))
}

export function readOwnerCertificate(folder: DataFolder): OwnerCertificate | undefined {
  const text = readFileIfThere(folder.ownerCertificate)
  if (!text) return undefined
  const { raw, validToDate } = new X509Certificate(text)
  return {
    der: raw,
    privateKey: createPrivateKey(text),
    notAfter: validToDate.getTime() as Instant,
  }
}
