/**
 * The local root authority and the certificate of the TLS servers, in files of the data folder.
 * What they must be is core's to say; here they are kept, and made again when they no longer serve.
 */
import { runningClock } from '../base/clock.ts'
import { Secret } from '../base/secret.ts'
import {
  authorityServes,
  type KeyedCertificate,
  makeAuthority,
  makeServerCertificate,
  serverCertificateServes,
} from '../core/trust/authority.ts'
import { type DataFolder, readFileIfThere, writePrivateFile } from './data-folder.ts'

export interface Trust {
  /** PEM: what clients trust. */
  readonly authority: string
  readonly server: KeyedCertificate
}

/** Opens the two, making what is missing or no longer serves. */
export async function openTrust(folder: DataFolder, hostSuffix: string): Promise<Trust> {
  // The machine's own time: clients compare certificates with their clocks, not with ours.
  const now = runningClock().now()
  const authority = await keep(
    { certificate: folder.authorityCertificate, key: folder.authorityKey },
    (kept) => authorityServes(kept, hostSuffix, now),
    () => makeAuthority(hostSuffix, now),
  )
  const server = await keep(
    { certificate: folder.serverCertificate, key: folder.serverKey },
    (kept) => serverCertificateServes(kept, authority, hostSuffix, now),
    () => makeServerCertificate(authority, hostSuffix, now),
  )
  return { authority: authority.certificate, server }
}

interface Files {
  readonly certificate: string
  readonly key: string
}

async function keep(
  files: Files,
  serves: (kept: KeyedCertificate) => boolean,
  make: () => Promise<KeyedCertificate>,
): Promise<KeyedCertificate> {
  const certificate = readFileIfThere(files.certificate)
  const key = readFileIfThere(files.key)
  if (certificate && key) {
    const kept = { certificate, key: new Secret(key) }
    if (serves(kept)) return kept
  }
  const made = await make()
  // The key first: a certificate without its key would be taken for whole.
  writePrivateFile(files.key, made.key.reveal())
  writePrivateFile(files.certificate, made.certificate)
  return made
}
