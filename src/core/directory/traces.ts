/** What is left of an object that is deleted: its profile, its owners, what it was granted. */
import type { ObjectId } from '../../base/ids.ts'
import type { Transaction } from '../transaction.ts'
import { removeAppRoleAssignmentsWith } from './app-role-assignments.ts'
import { leaveDirectoryRoles } from './directory-roles.ts'
import { removeFederatedCredentialsOf } from './federated-credentials.ts'
import { removeOwnershipsOf } from './owners.ts'
import { removePermissionGrantsWith } from './permission-grants.ts'
import { removeProfile } from './profiles.ts'

/** Removes every trace of the object but its memberships in groups, which are the groups' own. */
export async function removeTraces(tx: Transaction, objectId: ObjectId): Promise<void> {
  await removeProfile(tx, objectId)
  await removeOwnershipsOf(tx, objectId)
  await leaveDirectoryRoles(tx, objectId)
  await removeAppRoleAssignmentsWith(tx, objectId)
  await removePermissionGrantsWith(tx, objectId)
  await removeFederatedCredentialsOf(tx, objectId)
}
