/**
 * Applications: what a tenant registers, each with a service principal that acts for it here.
 * Managed identities have none. Credentials may sit on either of the two.
 */
import type { Instant } from '../../base/clock.ts'
import { type ClientId, newId, type ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { ApplicationsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { type DeletedObject, keepDeleted } from './deleted-objects.ts'
import {
  createServicePrincipal,
  findServicePrincipalByClientId,
  type ServicePrincipal,
  softDeleteServicePrincipal,
} from './service-principals.ts'

export interface Application {
  /** The application's own object id: not that of its service principal. */
  readonly objectId: ObjectId
  readonly clientId: ClientId
  readonly displayName: string
  readonly createdAt: Instant
}

const everyRow = statement<Record<string, never>, ApplicationsTable>((query) =>
  query.selectFrom('applications').selectAll(),
)
const rowByObjectId = statement<{ objectId: string }, ApplicationsTable>((query, param) =>
  query.selectFrom('applications').selectAll().where('object_id', '=', param('objectId')),
)
const rowByClientId = statement<{ clientId: string }, ApplicationsTable>((query, param) =>
  query.selectFrom('applications').selectAll().where('client_id', '=', param('clientId')),
)
const insertRow = statement<ApplicationsTable, unknown>((query, param) =>
  query.insertInto('applications').values({
    object_id: param('object_id'),
    client_id: param('client_id'),
    display_name: param('display_name'),
    created_at: param('created_at'),
  }),
)
const updateName = statement<{ objectId: string; displayName: string }, unknown>((query, param) =>
  query
    .updateTable('applications')
    .set({ display_name: param('displayName') })
    .where('object_id', '=', param('objectId')),
)
const deleteRow = statement<{ objectId: string }, unknown>((query, param) =>
  query.deleteFrom('applications').where('object_id', '=', param('objectId')),
)

/** Registers an application, which nobody can sign in as before it has a service principal. */
export async function registerApplication(
  tx: Transaction,
  { displayName }: { readonly displayName: string },
): Promise<Application> {
  const application: Application = {
    objectId: newId<ObjectId>(),
    clientId: newId<ClientId>(),
    displayName,
    createdAt: tx.now,
  }
  await insertRow.run(tx.db, toRow(application))
  return application
}

/** Registers an application and makes its service principal. */
export async function createApplication(
  tx: Transaction,
  { displayName }: { readonly displayName: string },
): Promise<{ readonly application: Application; readonly servicePrincipal: ServicePrincipal }> {
  const application = await registerApplication(tx, { displayName })
  const servicePrincipal = await createServicePrincipal(tx, {
    type: 'Application',
    displayName,
    clientId: application.clientId,
  })
  return { application, servicePrincipal }
}

/** The application with this client id, or undefined: managed identities have none. */
export async function findApplicationByClientId(
  call: Call,
  clientId: ClientId,
): Promise<Application | undefined> {
  const row = await rowByClientId.first(call.db, { clientId })
  return row && fromRow(row)
}

/** The application with this object id of its own, or undefined. */
export async function findApplication(
  call: Call,
  objectId: ObjectId,
): Promise<Application | undefined> {
  const row = await rowByObjectId.first(call.db, { objectId })
  return row && fromRow(row)
}

/** Every application of the tenant, in no order. */
export async function listApplications(call: Call): Promise<Application[]> {
  return (await everyRow.all(call.db, {})).map(fromRow)
}

export async function renameApplication(
  tx: Transaction,
  { objectId, displayName }: { readonly objectId: ObjectId; readonly displayName: string },
): Promise<void> {
  await updateName.run(tx.db, { objectId, displayName })
}

/** Takes the application and its service principal away, each to be restored by itself. */
export async function softDeleteApplication(
  tx: Transaction,
  application: Application,
): Promise<void> {
  const { objectId, clientId } = application
  await keepDeleted(tx, { objectId, kind: 'application', facts: application, memberOf: [] })
  await deleteRow.run(tx.db, { objectId })
  const principal = await findServicePrincipalByClientId(tx, clientId)
  if (principal) await softDeleteServicePrincipal(tx, principal.objectId)
}

/** Brings a deleted application back; its service principal is restored by itself. */
export async function restoreApplication(tx: Transaction, { facts }: DeletedObject): Promise<void> {
  await insertRow.run(tx.db, toRow(facts as Application))
}

/** The objects whose credentials let the service principal in: itself and its application. */
export async function credentialOwners(
  call: Call,
  principal: ServicePrincipal,
): Promise<ObjectId[]> {
  if (principal.type === 'ManagedIdentity') return [principal.objectId]
  const application = await findApplicationByClientId(call, principal.clientId)
  return application ? [application.objectId, principal.objectId] : [principal.objectId]
}

function toRow(application: Application): ApplicationsTable {
  return {
    object_id: application.objectId,
    client_id: application.clientId,
    display_name: application.displayName,
    created_at: application.createdAt,
  }
}

function fromRow(row: ApplicationsTable): Application {
  return {
    objectId: row.object_id as ObjectId,
    clientId: row.client_id as ClientId,
    displayName: row.display_name,
    createdAt: row.created_at as Instant,
  }
}
