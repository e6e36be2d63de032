/**
 * Grants of delegated permissions (OAuth 2.0): which scopes of a resource a client may use for its
 * users. Consent is implicit in this tenant: whoever signs in to a client gives it. They let clients
 * in where nobody is asked, and decide nothing else.
 */
import { randomBytes } from 'node:crypto'
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { PermissionGrantsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export interface PermissionGrant {
  /** 32 bytes, base64url. */
  readonly id: string
  /** Object id of the client's service principal. */
  readonly clientId: ObjectId
  readonly consentType: 'AllPrincipals' | 'Principal'
  /** The one user, when it is not for all. */
  readonly principalId: ObjectId | null
  readonly resourceId: ObjectId
  readonly scope: string
}

const ID_BYTES = 32

const everyRow = statement<Record<string, never>, PermissionGrantsTable>((query) =>
  query.selectFrom('permission_grants').selectAll().orderBy('id'),
)
const rowById = statement<{ id: string }, PermissionGrantsTable>((query, param) =>
  query.selectFrom('permission_grants').selectAll().where('id', '=', param('id')),
)
const insertRow = statement<PermissionGrantsTable, unknown>((query, param) =>
  query.insertInto('permission_grants').values({
    id: param('id'),
    client_id: param('client_id'),
    consent_type: param('consent_type'),
    principal_id: param('principal_id'),
    resource_id: param('resource_id'),
    scope: param('scope'),
  }),
)
const updateScope = statement<{ id: string; scope: string }, unknown>((query, param) =>
  query
    .updateTable('permission_grants')
    .set({ scope: param('scope') })
    .where('id', '=', param('id')),
)
const deleteRow = statement<{ id: string }, unknown>((query, param) =>
  query.deleteFrom('permission_grants').where('id', '=', param('id')),
)
const deleteRowsWith = statement<{ objectId: string }, unknown>((query, param) =>
  query
    .deleteFrom('permission_grants')
    .where(({ eb, or }) =>
      or([
        eb('client_id', '=', param('objectId')),
        eb('resource_id', '=', param('objectId')),
        eb('principal_id', '=', param('objectId')),
      ]),
    ),
)

export async function listPermissionGrants(call: Call): Promise<PermissionGrant[]> {
  return (await everyRow.all(call.db, {})).map(fromRow)
}

export async function findPermissionGrant(
  call: Call,
  id: string,
): Promise<PermissionGrant | undefined> {
  const row = await rowById.first(call.db, { id })
  return row && fromRow(row)
}

export async function createPermissionGrant(
  tx: Transaction,
  asked: Omit<PermissionGrant, 'id'>,
): Promise<PermissionGrant> {
  const grant = { id: randomBytes(ID_BYTES).toString('base64url'), ...asked }
  await insertRow.run(tx.db, {
    id: grant.id,
    client_id: grant.clientId,
    consent_type: grant.consentType,
    principal_id: grant.principalId,
    resource_id: grant.resourceId,
    scope: grant.scope,
  })
  return grant
}

export async function setGrantedScope(
  tx: Transaction,
  { id, scope }: { readonly id: string; readonly scope: string },
): Promise<void> {
  await updateScope.run(tx.db, { id, scope })
}

export async function removePermissionGrant(tx: Transaction, id: string): Promise<void> {
  await deleteRow.run(tx.db, { id })
}

/** Takes away every grant that names the object as client, resource or user. */
export async function removePermissionGrantsWith(
  tx: Transaction,
  objectId: ObjectId,
): Promise<void> {
  await deleteRowsWith.run(tx.db, { objectId })
}

function fromRow(row: PermissionGrantsTable): PermissionGrant {
  return {
    id: row.id,
    clientId: row.client_id as ObjectId,
    consentType: row.consent_type,
    principalId: row.principal_id as ObjectId | null,
    resourceId: row.resource_id as ObjectId,
    scope: row.scope,
  }
}
