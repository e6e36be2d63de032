/**
 * The data folder: what this instance keeps, and where. Only its owner may look inside.
 */
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../base/failure.ts'

export interface DataFolder {
  readonly path: string
  readonly database: string
  /** 32 bytes in base64, unless the master key comes from the environment. */
  readonly masterKey: string
  readonly lock: string
  /** Who holds the lock: for people, and for a better message. */
  readonly daemon: string
  readonly controlSocket: string
  /** Certificate and private key of the local root authority, and of the TLS servers. */
  readonly authorityCertificate: string
  readonly authorityKey: string
  readonly serverCertificate: string
  readonly serverKey: string
  /** Certificate and private key of the owner service principal, in one PEM file. */
  readonly ownerCertificate: string
  /** The same in one PKCS#12 file, with no password. */
  readonly ownerPkcs12: string
  readonly machines: string
  /** The program's own code as Node has compiled it: only ever what starts sooner. */
  readonly compiledCode: string
}

/** The longest path of a unix socket, in bytes, its end mark not counted. */
const LONGEST_SOCKET_PATH_BYTES = 107

/** The places inside a data folder; makes nothing. */
export function dataFolder(path: string): DataFolder {
  return {
    path,
    database: join(path, 'locum.db'),
    masterKey: join(path, 'master.key'),
    lock: join(path, 'lock'),
    daemon: join(path, 'daemon.json'),
    controlSocket: join(path, 'control.sock'),
    authorityCertificate: join(path, 'authority.pem'),
    authorityKey: join(path, 'authority.key'),
    serverCertificate: join(path, 'server.pem'),
    serverKey: join(path, 'server.key'),
    ownerCertificate: join(path, 'owner.pem'),
    ownerPkcs12: join(path, 'owner.pfx'),
    machines: join(path, 'machines'),
    compiledCode: join(path, 'compiled'),
  }
}

/**
 * Makes the folder, or makes sure of it: ours, a real folder, and closed to everybody else. A mode
 * given to mkdir does nothing to a folder that exists, so it is set at every start.
 * @throws Failure forbidden `DataFolderNotOurs`, invalid `DataFolderUnusable`
 */
export function openDataFolder(path: string, userId: number): DataFolder {
  const folder = dataFolder(path)
  if (Buffer.byteLength(folder.controlSocket) > LONGEST_SOCKET_PATH_BYTES) {
    throw unusable(`${path} is too long a path for a socket; next step: --data with a shorter one`)
  }
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unusable(`cannot make the data folder ${path}: ${(cause as Error).message}`)
  }
  const facts = lstatSync(path)
  if (!facts.isDirectory()) throw unusable(`${path} is not a folder`)
  if (facts.uid !== userId) {
    throw new Failure(
      'forbidden',
      'DataFolderNotOurs',
      `the data folder ${path} belongs to user ${facts.uid}; ` +
        'next step: start Locum as that user, or use another folder with --data',
    )
  }
  chmodSync(path, 0o700)
  return folder
}

function unusable(message: string): Failure {
  return new Failure('invalid', 'DataFolderUnusable', message)
}

/** Writes a file only its owner can read; the file is whole or not there at all. */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  const fresh = `${file}.new`
  writeFileSync(fresh, content, { mode: 0o600, flush: true })
  chmodSync(fresh, 0o600)
  renameSync(fresh, file)
}

/** Reads a file; undefined when it does not exist. */
export function readFileIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw reason
  }
}
