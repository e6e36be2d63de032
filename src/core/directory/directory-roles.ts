/**
 * Directory roles: who may change the directory itself. Of Azure's many there is one here, the one
 * whose holders may do everything: Global Administrator. The owner of the tenant holds it.
 */
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { DirectoryRoleMembersTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

/** The template id, the same in every tenant of Azure. */
export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'

const rowOf = statement<{ roleId: string; memberId: string }, DirectoryRoleMembersTable>(
  (query, param) =>
    query
      .selectFrom('directory_role_members')
      .selectAll()
      .where('role_id', '=', param('roleId'))
      .where('member_id', '=', param('memberId')),
)
const insertRow = statement<DirectoryRoleMembersTable, unknown>((query, param) =>
  query
    .insertInto('directory_role_members')
    .values({ role_id: param('role_id'), member_id: param('member_id') })
    .onConflict((conflict) => conflict.doNothing()),
)
const deleteRowsOfMember = statement<{ memberId: string }, unknown>((query, param) =>
  query.deleteFrom('directory_role_members').where('member_id', '=', param('memberId')),
)

export async function isGlobalAdministrator(call: Call, memberId: ObjectId): Promise<boolean> {
  return (await rowOf.first(call.db, { roleId: GLOBAL_ADMINISTRATOR, memberId })) !== undefined
}

/** Makes the principal a Global Administrator; twice is the same as once. */
export async function makeGlobalAdministrator(tx: Transaction, memberId: ObjectId): Promise<void> {
  await insertRow.run(tx.db, { role_id: GLOBAL_ADMINISTRATOR, member_id: memberId })
}

export async function leaveDirectoryRoles(tx: Transaction, memberId: ObjectId): Promise<void> {
  await deleteRowsOfMember.run(tx.db, { memberId })
}
