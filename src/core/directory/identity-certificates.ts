/**
 * Certificates of managed identities: made, renewed and held by the platform, never shown.
 *
 * They live 90 days and are rolled after 45 (Azure's published rule), so that around a roll both
 * the old and the new one are valid. Keys are made outside of transactions, at most a few at once,
 * so that they do not keep the threads from signing tokens; making one twice does no harm.
 */
import type { KeyObject } from 'node:crypto'
import { type Certificate, makeCertificate, makeKeyPair } from '../../base/certificate.ts'
import { after, DAY_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import type { Database } from '../../store/database.ts'
import { statement } from '../../store/statement.ts'
import type { Call } from '../call.ts'
import { transaction } from '../transaction.ts'
import {
  addKeyCredential,
  dropExpiredKeyCredentials,
  type KeyCredential,
  keyCredentialsOf,
  openPrivateKey,
} from './key-credentials.ts'
import { findServicePrincipal } from './service-principals.ts'

const CERTIFICATE_LIFE_MS = 90 * DAY_MS
const ROLL_AFTER_MS = 45 * DAY_MS

/** Keys being made at the same time. */
const MOST_KEYS_AT_ONCE = 2
/** Opened private keys kept in memory per database. */
const MOST_OPEN_KEYS = 10_000

/** A certificate with its private key, ready to sign assertions. */
export interface IdentityCertificate {
  readonly credential: KeyCredential
  readonly privateKey: KeyObject
}

interface Held {
  readonly open: Map<ObjectId, IdentityCertificate>
  readonly underWay: Map<ObjectId, Promise<IdentityCertificate>>
}

const held = new WeakMap<Database, Held>()

const identitiesWithoutFreshKey = statement<{ rolledSince: number }, { object_id: string }>(
  (query, param) =>
    query
      .selectFrom('service_principals')
      .select('object_id')
      .where('type', '=', 'ManagedIdentity')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('key_credentials')
              .select('key_id')
              .whereRef('owner_id', '=', 'service_principals.object_id')
              .where('private_key', 'is not', null)
              .where('starts_at', '>', param('rolledSince')),
          ),
        ),
      )
      .orderBy('created_at'),
)

/** Managed identities that have no certificate yet, or one that is due to be rolled. */
export async function credentialsToRoll(call: Call): Promise<ObjectId[]> {
  const rolledSince = call.now - ROLL_AFTER_MS
  const rows = await identitiesWithoutFreshKey.all(call.db, { rolledSince })
  return rows.map((row) => row.object_id as ObjectId)
}

/** The work of the certificates job: makes what is missing or due, drops what has ended. */
export async function issueMissingCertificates(call: Call): Promise<{ readonly issued: number }> {
  const due = await credentialsToRoll(call)
  let issued = 0
  const waiting = due.values()
  const issueInTurn = async () => {
    for (const objectId of waiting) {
      if (call.signal.aborted) return
      if (await issueUnlessGone(call, objectId)) issued++
    }
  }
  await Promise.all(Array.from({ length: MOST_KEYS_AT_ONCE }, issueInTurn))
  await transaction(call, (tx) => dropExpiredKeyCredentials(tx))
  return { issued }
}

/**
 * The certificate with which to sign for a managed identity now: the newest valid one, made at once
 * when the job has not made it yet.
 * @throws Failure missing `ServicePrincipalNotFound`
 */
export async function identityCertificate(
  call: Call,
  objectId: ObjectId,
): Promise<IdentityCertificate> {
  const { open } = heldFor(call.db.database)
  const known = open.get(objectId)
  if (known && known.credential.startsAt <= call.now && !isDue(call, known.credential)) return known
  const credentials = await keyCredentialsOf(call, objectId)
  for (const credential of credentials) {
    if (credential.startsAt > call.now || credential.endsAt <= call.now) continue
    const privateKey = await openPrivateKey(call, credential.keyId)
    if (privateKey) return keep(open, objectId, { credential, privateKey })
  }
  return issueOnce(call, objectId)
}

function isDue(call: Call, credential: KeyCredential): boolean {
  return credential.startsAt + ROLL_AFTER_MS <= call.now
}

async function issueUnlessGone(call: Call, objectId: ObjectId): Promise<boolean> {
  try {
    await issueOnce(call, objectId)
    return true
  } catch (reason) {
    // Deleted while its key was being made.
    if (reason instanceof Failure && reason.fault === 'missing') return false
    throw reason
  }
}

/** The job and a waiting caller share one making. */
function issueOnce(call: Call, objectId: ObjectId): Promise<IdentityCertificate> {
  const { open, underWay } = heldFor(call.db.database)
  const already = underWay.get(objectId)
  if (already) return already
  const making = issue(call, objectId)
    .then((issued) => keep(open, objectId, issued))
    .finally(() => underWay.delete(objectId))
  underWay.set(objectId, making)
  return making
}

async function issue(call: Call, objectId: ObjectId): Promise<IdentityCertificate> {
  await requirePrincipal(call, objectId)
  const { certificate, privateKey } = await makeSelfSigned(call, objectId)
  const credential = await transaction(call, async (tx) => {
    await requirePrincipal(tx, objectId)
    return addKeyCredential(tx, { ownerId: objectId, certificate: certificate.der, privateKey })
  })
  call.log.info('identity certificate issued', { objectId, thumbprint: credential.thumbprint })
  return { credential, privateKey }
}

async function requirePrincipal(call: Call, objectId: ObjectId): Promise<void> {
  if (await findServicePrincipal(call, objectId)) return
  throw new Failure(
    'missing',
    'ServicePrincipalNotFound',
    `The service principal '${objectId}' does not exist.`,
  )
}

async function makeSelfSigned(
  call: Call,
  objectId: ObjectId,
): Promise<{ certificate: Certificate; privateKey: KeyObject }> {
  const keys = await makeKeyPair('RSA-2048')
  const certificate = await makeCertificate(
    {
      subject: objectId,
      publicKey: keys.publicKey,
      use: { kind: 'signer' },
      notBefore: call.now,
      notAfter: after(call.now, CERTIFICATE_LIFE_MS),
    },
    { subject: objectId, ...keys },
  )
  return { certificate, privateKey: keys.privateKey }
}

function heldFor(database: Database): Held {
  let mine = held.get(database)
  if (!mine) {
    mine = { open: new Map(), underWay: new Map() }
    held.set(database, mine)
  }
  return mine
}

function keep(
  open: Held['open'],
  objectId: ObjectId,
  certificate: IdentityCertificate,
): IdentityCertificate {
  if (open.size >= MOST_OPEN_KEYS) {
    const oldest = open.keys().next()
    if (!oldest.done) open.delete(oldest.value)
  }
  open.set(objectId, certificate)
  return certificate
}
