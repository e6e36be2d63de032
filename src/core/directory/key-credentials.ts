/**
 * Certificates by which applications and managed identities prove themselves to the token service.
 *
 * Of an application the directory has only the certificate; of a managed identity it also holds the
 * private key, sealed, because the platform makes it and nobody else ever sees it.
 */
import { createPrivateKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { thumbprint } from '../../base/certificate.ts'
import type { Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { KeyCredentialsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export interface KeyCredential {
  readonly keyId: string
  /** The object id of the application or service principal it belongs to. */
  readonly ownerId: ObjectId
  /** Upper-case hex SHA-1: what Graph shows as customKeyIdentifier. */
  readonly thumbprint: string
  /** DER. */
  readonly certificate: Buffer
  readonly startsAt: Instant
  readonly endsAt: Instant
}

const rowsByOwner = statement<{ ownerId: string }, KeyCredentialsTable>((query, param) =>
  query
    .selectFrom('key_credentials')
    .selectAll()
    .where('owner_id', '=', param('ownerId'))
    .orderBy('starts_at', 'desc')
    .orderBy('key_id'),
)
const rowByKeyId = statement<{ keyId: string }, KeyCredentialsTable>((query, param) =>
  query.selectFrom('key_credentials').selectAll().where('key_id', '=', param('keyId')),
)
const insertRow = statement<KeyCredentialsTable, unknown>((query, param) =>
  query.insertInto('key_credentials').values({
    key_id: param('key_id'),
    owner_id: param('owner_id'),
    thumbprint: param('thumbprint'),
    certificate: param('certificate'),
    private_key: param('private_key'),
    starts_at: param('starts_at'),
    ends_at: param('ends_at'),
  }),
)
const deleteRow = statement<{ ownerId: string; keyId: string }, unknown>((query, param) =>
  query
    .deleteFrom('key_credentials')
    .where('owner_id', '=', param('ownerId'))
    .where('key_id', '=', param('keyId')),
)
const deleteRowsOfOwner = statement<{ ownerId: string }, unknown>((query, param) =>
  query.deleteFrom('key_credentials').where('owner_id', '=', param('ownerId')),
)
const deleteExpiredRows = statement<{ now: number }, unknown>((query, param) =>
  query
    .deleteFrom('key_credentials')
    .where('private_key', 'is not', null)
    .where('ends_at', '<=', param('now')),
)

/**
 * Registers a certificate; its own validity is the credential's.
 * @throws Failure invalid `InvalidCertificate` when the bytes are no RSA certificate, `KeyIdTaken`
 */
export async function addKeyCredential(
  tx: Transaction,
  asked: {
    readonly ownerId: ObjectId
    /** DER. */
    readonly certificate: Uint8Array
    /** Only for the platform's own credentials, those of managed identities. */
    readonly privateKey?: KeyObject
    /** The client's own name for it; a new one when none is given. */
    readonly keyId?: string | undefined
  },
): Promise<KeyCredential> {
  const { startsAt, endsAt } = readCertificate(asked.certificate)
  const keyId = asked.keyId ?? randomUUID()
  if (asked.keyId && (await rowByKeyId.first(tx.db, { keyId }))) {
    throw new Failure('invalid', 'KeyIdTaken', `The key id '${keyId}' is already in use.`)
  }
  const pkcs8 = asked.privateKey?.export({ type: 'pkcs8', format: 'der' })
  const row: KeyCredentialsTable = {
    key_id: keyId,
    owner_id: asked.ownerId,
    thumbprint: thumbprint(asked.certificate, 'sha1').toString('hex').toUpperCase(),
    certificate: asked.certificate,
    private_key: pkcs8 ? tx.seal.close(pkcs8, sealContext(keyId)) : null,
    starts_at: startsAt,
    ends_at: endsAt,
  }
  await insertRow.run(tx.db, row)
  return fromRow(row)
}

/** The owner's certificates, newest first. */
export async function keyCredentialsOf(call: Call, ownerId: ObjectId): Promise<KeyCredential[]> {
  return (await rowsByOwner.all(call.db, { ownerId })).map(fromRow)
}

/** Opens the private key the platform holds for the credential; undefined where it holds none. */
export async function openPrivateKey(call: Call, keyId: string): Promise<KeyObject | undefined> {
  const sealed = (await rowByKeyId.first(call.db, { keyId }))?.private_key
  if (!sealed) return undefined
  const key = call.seal.open(sealed, sealContext(keyId))
  return createPrivateKey({ key, type: 'pkcs8', format: 'der' })
}

/** Removes one certificate; gives whether there was one. */
export async function removeKeyCredential(
  tx: Transaction,
  { ownerId, keyId }: { readonly ownerId: ObjectId; readonly keyId: string },
): Promise<boolean> {
  return (await deleteRow.run(tx.db, { ownerId, keyId })) > 0
}

export async function removeKeyCredentialsOf(tx: Transaction, ownerId: ObjectId): Promise<void> {
  await deleteRowsOfOwner.run(tx.db, { ownerId })
}

/** Removes the platform's own credentials that have ended; those of applications stay on show. */
export async function dropExpiredKeyCredentials(tx: Transaction): Promise<number> {
  return deleteExpiredRows.run(tx.db, { now: tx.now })
}

function readCertificate(der: Uint8Array): { startsAt: Instant; endsAt: Instant } {
  try {
    const read = new X509Certificate(der)
    if (read.publicKey.asymmetricKeyType === 'rsa') {
      return {
        startsAt: Date.parse(read.validFrom) as Instant,
        endsAt: Date.parse(read.validTo) as Instant,
      }
    }
  } catch (cause) {
    throw new Failure('invalid', 'InvalidCertificate', 'The certificate cannot be read.', { cause })
  }
  throw new Failure('invalid', 'InvalidCertificate', 'The certificate must have an RSA key.')
}

function sealContext(keyId: string): string {
  return `key-credential:${keyId}`
}

function fromRow(row: KeyCredentialsTable): KeyCredential {
  return {
    keyId: row.key_id,
    ownerId: row.owner_id as ObjectId,
    thumbprint: row.thumbprint,
    certificate: Buffer.from(row.certificate),
    startsAt: row.starts_at as Instant,
    endsAt: row.ends_at as Instant,
  }
}
