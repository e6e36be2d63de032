/**
 * App role assignments: application permissions, by which a principal may use what another service
 * principal offers. The roles that Microsoft Graph offers say who may use Graph.
 */
import { randomBytes } from 'node:crypto'
import type { Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { AppRoleAssignmentsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export interface AppRoleAssignment {
  /** 32 bytes, base64url. */
  readonly id: string
  readonly principalId: ObjectId
  /** The service principal that offers the role. */
  readonly resourceId: ObjectId
  readonly appRoleId: string
  readonly createdAt: Instant
}

const ID_BYTES = 32

const rowsOfPrincipal = statement<{ principalId: string }, AppRoleAssignmentsTable>(
  (query, param) =>
    query
      .selectFrom('app_role_assignments')
      .selectAll()
      .where('principal_id', '=', param('principalId'))
      .orderBy('id'),
)
const rowsOfResource = statement<{ resourceId: string }, AppRoleAssignmentsTable>((query, param) =>
  query
    .selectFrom('app_role_assignments')
    .selectAll()
    .where('resource_id', '=', param('resourceId'))
    .orderBy('id'),
)
const insertRow = statement<AppRoleAssignmentsTable, unknown>((query, param) =>
  query
    .insertInto('app_role_assignments')
    .values({
      id: param('id'),
      principal_id: param('principal_id'),
      resource_id: param('resource_id'),
      app_role_id: param('app_role_id'),
      created_at: param('created_at'),
    })
    .onConflict((conflict) => conflict.doNothing()),
)
const deleteRow = statement<{ id: string }, unknown>((query, param) =>
  query.deleteFrom('app_role_assignments').where('id', '=', param('id')),
)
const deleteRowsWith = statement<{ objectId: string }, unknown>((query, param) =>
  query
    .deleteFrom('app_role_assignments')
    .where(({ eb, or }) =>
      or([eb('principal_id', '=', param('objectId')), eb('resource_id', '=', param('objectId'))]),
    ),
)

/** What the principal has been granted. */
export async function appRoleAssignmentsOf(
  call: Call,
  principalId: ObjectId,
): Promise<AppRoleAssignment[]> {
  return (await rowsOfPrincipal.all(call.db, { principalId })).map(fromRow)
}

/** What of the resource has been granted to others. */
export async function appRoleAssignedTo(
  call: Call,
  resourceId: ObjectId,
): Promise<AppRoleAssignment[]> {
  return (await rowsOfResource.all(call.db, { resourceId })).map(fromRow)
}

/** @throws Failure invalid `AppRoleAssignmentExists` */
export async function assignAppRole(
  tx: Transaction,
  asked: Omit<AppRoleAssignment, 'id' | 'createdAt'>,
): Promise<AppRoleAssignment> {
  const row: AppRoleAssignmentsTable = {
    id: randomBytes(ID_BYTES).toString('base64url'),
    principal_id: asked.principalId,
    resource_id: asked.resourceId,
    app_role_id: asked.appRoleId,
    created_at: tx.now,
  }
  if ((await insertRow.run(tx.db, row)) > 0) return fromRow(row)
  throw new Failure(
    'invalid',
    'AppRoleAssignmentExists',
    'Permission being assigned already exists on the object',
  )
}

export async function removeAppRoleAssignment(tx: Transaction, id: string): Promise<void> {
  await deleteRow.run(tx.db, { id })
}

/** Takes away what the object was granted and what was granted of it. */
export async function removeAppRoleAssignmentsWith(
  tx: Transaction,
  objectId: ObjectId,
): Promise<void> {
  await deleteRowsWith.run(tx.db, { objectId })
}

function fromRow(row: AppRoleAssignmentsTable): AppRoleAssignment {
  return {
    id: row.id,
    principalId: row.principal_id as ObjectId,
    resourceId: row.resource_id as ObjectId,
    appRoleId: row.app_role_id,
    createdAt: row.created_at as Instant,
  }
}
