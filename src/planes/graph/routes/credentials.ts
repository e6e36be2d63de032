/**
 * Secrets and certificates of applications and service principals. Secrets are made here and shown
 * once; of certificates the directory is given the public half. Managed identities take neither.
 */
import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { after, DAY_MS, type Instant } from '../../../base/clock.ts'
import { Failure } from '../../../base/failure.ts'
import type { ObjectId } from '../../../base/ids.ts'
import {
  addKeyCredential,
  keyCredentialsOf,
  removeKeyCredential,
} from '../../../core/directory/key-credentials.ts'
import {
  addPasswordCredential,
  passwordCredentialsOf,
  removePasswordCredential,
} from '../../../core/directory/password-credentials.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Route } from '../../../http/route.ts'
import { applications } from '../entities/applications.ts'
import { shownPassword } from '../entities/credentials.ts'
import type { EntityType } from '../entities/entity.ts'
import { changeable, servicePrincipals } from '../entities/service-principals.ts'
import { answerOne, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { itemPaths, requireEntity } from './entities.ts'

/** Two years, as Graph has it where nothing is asked. */
const SECRET_LIFE_MS = 730 * DAY_MS
const LONGEST_KEY_CHARS = 16 * 1024
const LONGEST_NAME_CHARS = 256
const MOST_CREDENTIALS = 100

const time = z.iso.datetime({ offset: true }).nullish()

export const keyCredentials = z
  .array(
    z.strictObject({
      customKeyIdentifier: z.string().max(200).nullish(),
      displayName: z.string().max(LONGEST_NAME_CHARS).nullish(),
      endDateTime: time,
      /** The certificate in base64; absent of one that is to stay. */
      key: z.string().max(LONGEST_KEY_CHARS).nullish(),
      keyId: z.guid().nullish(),
      startDateTime: time,
      type: z.literal('AsymmetricX509Cert').nullish(),
      usage: z.literal('Verify').nullish(),
    }),
  )
  .max(MOST_CREDENTIALS)

/** Those that are to stay, as they are shown. */
export const passwordCredentials = z
  .array(z.looseObject({ keyId: z.guid().optional() }))
  .max(MOST_CREDENTIALS)

const newPassword = z.strictObject({
  passwordCredential: z
    .strictObject({
      displayName: z.string().max(LONGEST_NAME_CHARS).nullish(),
      startDateTime: time,
      endDateTime: time,
    })
    .nullish(),
})

export function credentialRoutes(): Route[] {
  return [applications, servicePrincipals].flatMap((type) =>
    itemPaths(type).flatMap((path) => [addPassword(type, path), removePassword(type, path)]),
  )
}

function addPassword(type: EntityType, path: string): Route {
  return graphRoute({
    method: 'POST',
    path: `${path}/addPassword`,
    permission: type.writing,
    body: newPassword.optional(),
    async answer(call, asked) {
      const what = described(type, asked.params)
      const { passwordCredential: wanted } = asked.body ?? {}
      const startsAt = instantOf(wanted?.startDateTime)
      const endsAt = instantOf(wanted?.endDateTime) ?? after(startsAt ?? call.now, SECRET_LIFE_MS)
      if (endsAt <= (startsAt ?? call.now)) throw badTimes()
      const { credential, secretText } = await changing(call, what, async (tx) =>
        addPasswordCredential(tx, {
          ownerId: await ownerOf(tx, type, asked.params),
          displayName: wanted?.displayName ?? undefined,
          startsAt,
          endsAt,
        }),
      )
      const document = { ...shownPassword(credential), secretText: secretText.reveal() }
      return answerOne(call, asked, document, { context: 'microsoft.graph.passwordCredential' })
    },
  })
}

function removePassword(type: EntityType, path: string): Route {
  return graphRoute({
    method: 'POST',
    path: `${path}/removePassword`,
    permission: type.writing,
    body: z.strictObject({ keyId: z.guid() }),
    async answer(call, { params, body }) {
      await changing(call, described(type, params), async (tx) => {
        const ownerId = await ownerOf(tx, type, params)
        const keyId = body.keyId.toLowerCase()
        if (!(await removePasswordCredential(tx, { ownerId, keyId }))) {
          throw new Failure(
            'invalid',
            'Request_BadRequest',
            'No password credential found with keyId.',
          )
        }
      })
      return NO_CONTENT
    },
  })
}

function described({ set }: EntityType, params: Readonly<Record<string, string>>) {
  return {
    action: `microsoft.directory/${set}/credentials/update`,
    scope: `/${set}/${params.id ?? params.key}`,
  }
}

async function ownerOf(
  tx: Transaction,
  type: EntityType,
  params: Readonly<Record<string, string>>,
): Promise<ObjectId> {
  const { id } = await requireEntity(tx, type, params)
  if (type === servicePrincipals) await changeable(tx, id)
  return id
}

/** Makes the owner's certificates those of the list: new ones added, missing ones removed. */
export async function keepKeyCredentials(
  tx: Transaction,
  ownerId: ObjectId,
  asked: z.infer<typeof keyCredentials>,
): Promise<void> {
  const before = await keyCredentialsOf(tx, ownerId)
  const kept = new Set(asked.flatMap(({ keyId }) => (keyId ? [keyId.toLowerCase()] : [])))
  for (const { keyId } of before) {
    if (!kept.has(keyId)) await removeKeyCredential(tx, { ownerId, keyId })
  }
  for (const { key, keyId } of asked) {
    if (before.some((one) => one.keyId === keyId?.toLowerCase())) continue
    if (!key) throw missingKey()
    const certificate = derOf(Buffer.from(key, 'base64'))
    await addKeyCredential(tx, { ownerId, certificate, keyId: keyId?.toLowerCase() })
  }
}

/** Keeps those of the list; a secret is only made by addPassword. */
export async function keepPasswordCredentials(
  tx: Transaction,
  ownerId: ObjectId,
  asked: z.infer<typeof passwordCredentials>,
): Promise<void> {
  const before = await passwordCredentialsOf(tx, ownerId)
  const kept = new Set(asked.map(({ keyId }) => String(keyId).toLowerCase()))
  const unknown = [...kept].find((keyId) => !before.some((one) => one.keyId === keyId))
  if (unknown !== undefined) {
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      'New password credentials must be generated with service. Use addPassword.',
    )
  }
  for (const { keyId } of before) {
    if (!kept.has(keyId)) await removePasswordCredential(tx, { ownerId, keyId })
  }
}

/** Clients send certificates as DER, some as PEM. */
function derOf(bytes: Buffer): Uint8Array {
  try {
    return new X509Certificate(bytes).raw
  } catch {
    return bytes
  }
}

function instantOf(text: string | null | undefined): Instant | undefined {
  return text ? (Date.parse(text) as Instant) : undefined
}

function badTimes(): Failure {
  return new Failure(
    'invalid',
    'Request_BadRequest',
    'Password credential lifetime is invalid: it must end after it starts.',
  )
}

function missingKey(): Failure {
  return new Failure(
    'invalid',
    'KeyCredentialsInvalidValue',
    'Key credential is invalid. The value of the key is required.',
  )
}
