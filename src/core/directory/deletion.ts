/** The end of what was deleted: it comes back, or it is gone for good. */
import { Failure } from '../../base/failure.ts'
import type { Transaction } from '../transaction.ts'
import { findApplicationByClientId, restoreApplication } from './applications.ts'
import { type DeletedObject, deletedForGood, forgetDeleted } from './deleted-objects.ts'
import { deleteGroup, restoreGroup } from './groups.ts'
import { removeKeyCredentialsOf } from './key-credentials.ts'
import { removePasswordCredentialsOf } from './password-credentials.ts'
import {
  deleteServicePrincipal,
  findServicePrincipalByClientId,
  restoreServicePrincipal,
  type ServicePrincipal,
} from './service-principals.ts'
import { removeTraces } from './traces.ts'
import { deleteUser, restoreUser } from './users.ts'

/**
 * Brings a deleted object back as it was.
 * @throws Failure conflict `UserExists`, `PrincipalNameTaken`; invalid `ApplicationDeleted`
 */
export async function restoreDeleted(tx: Transaction, deleted: DeletedObject): Promise<void> {
  if (deleted.kind === 'servicePrincipal') await checkPrincipal(tx, deleted)
  await RESTORE[deleted.kind](tx, deleted)
  await forgetDeleted(tx, deleted.objectId)
}

/** Removes what is left of a deleted object; it cannot come back. */
export async function purgeDeleted(tx: Transaction, deleted: DeletedObject): Promise<void> {
  await PURGE[deleted.kind](tx, deleted)
  await forgetDeleted(tx, deleted.objectId)
}

/** Purges some of what was deleted thirty days ago; gives how many it were. */
export async function purgeDueDeleted(tx: Transaction): Promise<number> {
  const due = await deletedForGood(tx)
  for (const deleted of due) await purgeDeleted(tx, deleted)
  return due.length
}

type Work = (tx: Transaction, deleted: DeletedObject) => Promise<unknown>

const RESTORE: Readonly<Record<DeletedObject['kind'], Work>> = {
  user: restoreUser,
  group: restoreGroup,
  application: restoreApplication,
  servicePrincipal: restoreServicePrincipal,
}

const PURGE: Readonly<Record<DeletedObject['kind'], Work>> = {
  user: (tx, { objectId }) => deleteUser(tx, objectId),
  group: (tx, { objectId }) => deleteGroup(tx, objectId),
  application: purgeApplication,
  servicePrincipal: (tx, { objectId }) => deleteServicePrincipal(tx, objectId),
}

/** Its service principal, deleted with it, is an object of its own and waits for its own end. */
async function purgeApplication(tx: Transaction, { objectId }: DeletedObject): Promise<void> {
  await removeKeyCredentialsOf(tx, objectId)
  await removePasswordCredentialsOf(tx, objectId)
  await removeTraces(tx, objectId)
}

/** Without its application a principal would be nobody's; and a client id is one principal's. */
async function checkPrincipal(tx: Transaction, { facts }: DeletedObject): Promise<void> {
  const { clientId } = facts as ServicePrincipal
  if (!(await findApplicationByClientId(tx, clientId))) {
    throw new Failure(
      'invalid',
      'ApplicationDeleted',
      `The application with appId '${clientId}' does not exist. Restore it before its service principal.`,
    )
  }
  if (await findServicePrincipalByClientId(tx, clientId)) {
    throw new Failure(
      'conflict',
      'PrincipalNameTaken',
      `The service principal cannot be created, updated, or restored because the service principal name ${clientId} is already in use.`,
    )
  }
}
