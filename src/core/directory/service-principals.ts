/**
 * The directory: who exists in the tenant. Service principals, applications, groups, and the
 * passwords and certificates by which principals prove themselves.
 *
 * It decides nobody's rights and signs no token; it knows no other room of core. Every request with
 * a token asks it whether the token's principal still exists, so principals are kept in memory, and
 * a deletion is seen by the next call. Inside a transaction reads go to the database instead, and
 * see what the transaction has written.
 */
import { epochSeconds, type Instant } from '../../base/clock.ts'
import { type ClientId, newId, type ObjectId } from '../../base/ids.ts'
import { cached } from '../../store/cache.ts'
import { statement } from '../../store/statement.ts'
import type { ServicePrincipalsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import { inTransaction, type Transaction } from '../transaction.ts'
import { type DeletedObject, keepDeleted } from './deleted-objects.ts'
import { giveUpDirectoryRoles } from './directory-roles.ts'
import { groupsWith, leaveAllGroups, rejoin } from './groups.ts'
import { removeKeyCredentialsOf } from './key-credentials.ts'
import { removePasswordCredentialsOf } from './password-credentials.ts'
import { removeTraces } from './traces.ts'

export interface ServicePrincipal {
  readonly objectId: ObjectId
  /** Graph calls it appId. An application and its service principal share it. */
  readonly clientId: ClientId
  readonly type: 'ManagedIdentity' | 'Application'
  readonly displayName: string
  /** Of a managed identity: `isExplicit=…` and the id of the resource behind it. */
  readonly alternativeNames: readonly string[]
  readonly accountEnabled: boolean
  readonly createdAt: Instant
  /** Seconds since 1970: tokens issued before were revoked. */
  readonly tokensValidFrom?: number
}

interface Principals {
  readonly byObjectId: Map<ObjectId, ServicePrincipal>
  readonly byClientId: Map<ClientId, ServicePrincipal>
}

const everyRow = statement<Record<string, never>, ServicePrincipalsTable>((query) =>
  query.selectFrom('service_principals').selectAll(),
)
const rowByObjectId = statement<{ objectId: string }, ServicePrincipalsTable>((query, param) =>
  query.selectFrom('service_principals').selectAll().where('object_id', '=', param('objectId')),
)
const rowByClientId = statement<{ clientId: string }, ServicePrincipalsTable>((query, param) =>
  query.selectFrom('service_principals').selectAll().where('client_id', '=', param('clientId')),
)
const insertRow = statement<ServicePrincipalsTable, unknown>((query, param) =>
  query.insertInto('service_principals').values({
    object_id: param('object_id'),
    client_id: param('client_id'),
    type: param('type'),
    display_name: param('display_name'),
    alternative_names: param('alternative_names'),
    account_enabled: param('account_enabled'),
    created_at: param('created_at'),
    tokens_valid_from: param('tokens_valid_from'),
  }),
)
const updateEnabled = statement<{ objectId: string; enabled: number }, unknown>((query, param) =>
  query
    .updateTable('service_principals')
    .set({ account_enabled: param('enabled') })
    .where('object_id', '=', param('objectId')),
)
const updateTokensValidFrom = statement<{ objectId: string; from: number }, unknown>(
  (query, param) =>
    query
      .updateTable('service_principals')
      .set({ tokens_valid_from: param('from') })
      .where('object_id', '=', param('objectId')),
)
const updateName = statement<{ objectId: string; displayName: string }, unknown>((query, param) =>
  query
    .updateTable('service_principals')
    .set({ display_name: param('displayName') })
    .where('object_id', '=', param('objectId')),
)
const updateAlternativeNames = statement<{ objectId: string; names: string }, unknown>(
  (query, param) =>
    query
      .updateTable('service_principals')
      .set({ alternative_names: param('names') })
      .where('object_id', '=', param('objectId')),
)
const deleteRow = statement<{ objectId: string }, unknown>((query, param) =>
  query.deleteFrom('service_principals').where('object_id', '=', param('objectId')),
)

const principals = cached<Principals>(async (db) => {
  const loaded: Principals = { byObjectId: new Map(), byClientId: new Map() }
  for (const row of await everyRow.all(db, {})) remember(loaded, fromRow(row))
  return loaded
})

/** The service principal with this object id, or undefined. */
export async function findServicePrincipal(
  call: Call,
  objectId: ObjectId,
): Promise<ServicePrincipal | undefined> {
  if (inTransaction(call)) {
    const row = await rowByObjectId.first(call.db, { objectId })
    return row && fromRow(row)
  }
  return (await principals.get(call.db)).byObjectId.get(objectId)
}

/** The service principal with this client id (appId), or undefined. */
export async function findServicePrincipalByClientId(
  call: Call,
  clientId: ClientId,
): Promise<ServicePrincipal | undefined> {
  if (inTransaction(call)) {
    const row = await rowByClientId.first(call.db, { clientId })
    return row && fromRow(row)
  }
  return (await principals.get(call.db)).byClientId.get(clientId)
}

/** Every service principal of the tenant, in no order. */
export async function listServicePrincipals(call: Call): Promise<ServicePrincipal[]> {
  if (inTransaction(call)) return (await everyRow.all(call.db, {})).map(fromRow)
  return [...(await principals.get(call.db)).byObjectId.values()]
}

/** Makes a service principal, enabled, with new ids unless some are given. */
export async function createServicePrincipal(
  tx: Transaction,
  asked: {
    readonly type: ServicePrincipal['type']
    readonly displayName: string
    readonly alternativeNames?: readonly string[]
    readonly objectId?: ObjectId
    readonly clientId?: ClientId
  },
): Promise<ServicePrincipal> {
  const principal: ServicePrincipal = {
    objectId: asked.objectId ?? newId<ObjectId>(),
    clientId: asked.clientId ?? newId<ClientId>(),
    type: asked.type,
    displayName: asked.displayName,
    alternativeNames: asked.alternativeNames ?? [],
    accountEnabled: true,
    createdAt: tx.now,
  }
  await insertRow.run(tx.db, toRow(principal))
  afterCommit(tx, (known) => remember(known, principal))
  return principal
}

/** Enables or disables a service principal; a disabled one gets no token, and its tokens no entry. */
export async function setAccountEnabled(
  tx: Transaction,
  { objectId, enabled }: { readonly objectId: ObjectId; readonly enabled: boolean },
): Promise<void> {
  await updateEnabled.run(tx.db, { objectId, enabled: enabled ? 1 : 0 })
  afterCommit(tx, (known) => {
    const principal = known.byObjectId.get(objectId)
    if (principal) remember(known, { ...principal, accountEnabled: enabled })
  })
}

/** Every access token issued to it until now opens nothing any more. */
export async function revokeTokens(tx: Transaction, objectId: ObjectId): Promise<void> {
  // Tokens tell whole seconds: the one that is running is among those that are over.
  const from = epochSeconds(tx.now) + 1
  await updateTokensValidFrom.run(tx.db, { objectId, from })
  afterCommit(tx, (known) => {
    const principal = known.byObjectId.get(objectId)
    if (principal) remember(known, { ...principal, tokensValidFrom: from })
  })
}

export async function renameServicePrincipal(
  tx: Transaction,
  { objectId, displayName }: { readonly objectId: ObjectId; readonly displayName: string },
): Promise<void> {
  await updateName.run(tx.db, { objectId, displayName })
  afterCommit(tx, (known) => {
    const principal = known.byObjectId.get(objectId)
    if (principal) remember(known, { ...principal, displayName })
  })
}

export async function setAlternativeNames(
  tx: Transaction,
  asked: { readonly objectId: ObjectId; readonly alternativeNames: readonly string[] },
): Promise<void> {
  const { objectId, alternativeNames } = asked
  await updateAlternativeNames.run(tx.db, { objectId, names: JSON.stringify(alternativeNames) })
  afterCommit(tx, (known) => {
    const principal = known.byObjectId.get(objectId)
    if (principal) remember(known, { ...principal, alternativeNames })
  })
}

/** Takes the service principal away until it is restored or gone for good. */
export async function softDeleteServicePrincipal(
  tx: Transaction,
  objectId: ObjectId,
): Promise<void> {
  const principal = await findServicePrincipal(tx, objectId)
  if (principal === undefined) return
  const memberOf = await groupsWith(tx, objectId)
  await keepDeleted(tx, { objectId, kind: 'servicePrincipal', facts: principal, memberOf })
  await giveUpDirectoryRoles(tx, objectId)
  await takeAway(tx, objectId)
}

/** Brings a deleted service principal back, with its groups and its credentials. */
export async function restoreServicePrincipal(
  tx: Transaction,
  { facts, memberOf }: DeletedObject,
): Promise<void> {
  const principal = facts as ServicePrincipal
  await insertRow.run(tx.db, toRow(principal))
  afterCommit(tx, (known) => remember(known, principal))
  await rejoin(tx, principal.objectId, memberOf)
}

/**
 * Deletes a service principal for good, with its credentials and memberships; nothing happens when
 * there is none. Role assignments stay behind and name an unknown principal, as in Azure.
 */
export async function deleteServicePrincipal(tx: Transaction, objectId: ObjectId): Promise<void> {
  await removeKeyCredentialsOf(tx, objectId)
  await removePasswordCredentialsOf(tx, objectId)
  await removeTraces(tx, objectId)
  await takeAway(tx, objectId)
}

async function takeAway(tx: Transaction, objectId: ObjectId): Promise<void> {
  await leaveAllGroups(tx, objectId)
  await deleteRow.run(tx.db, { objectId })
  afterCommit(tx, (known) => {
    const principal = known.byObjectId.get(objectId)
    if (principal === undefined) return
    known.byObjectId.delete(objectId)
    known.byClientId.delete(principal.clientId)
  })
}

function afterCommit(tx: Transaction, change: (known: Principals) => void): void {
  tx.db.afterCommit(() => principals.apply(tx.db.database, change))
}

function remember(known: Principals, principal: ServicePrincipal): void {
  known.byObjectId.set(principal.objectId, principal)
  known.byClientId.set(principal.clientId, principal)
}

function toRow(principal: ServicePrincipal): ServicePrincipalsTable {
  return {
    object_id: principal.objectId,
    client_id: principal.clientId,
    type: principal.type,
    display_name: principal.displayName,
    alternative_names: JSON.stringify(principal.alternativeNames),
    account_enabled: principal.accountEnabled ? 1 : 0,
    created_at: principal.createdAt,
    tokens_valid_from: principal.tokensValidFrom ?? null,
  }
}

function fromRow(row: ServicePrincipalsTable): ServicePrincipal {
  return {
    objectId: row.object_id as ObjectId,
    clientId: row.client_id as ClientId,
    type: row.type,
    displayName: row.display_name,
    alternativeNames: JSON.parse(row.alternative_names) as string[],
    accountEnabled: row.account_enabled === 1,
    createdAt: row.created_at as Instant,
    ...(row.tokens_valid_from !== null && { tokensValidFrom: row.tokens_valid_from }),
  }
}
