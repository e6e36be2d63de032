/** For tests of the floors from core upwards: a role for a service principal, committed. */
import { randomUUID } from 'node:crypto'
import type { ObjectId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { putAssignment } from './role-assignments.ts'

export async function assignRole(
  world: TestWorld,
  who: { readonly objectId: ObjectId },
  roleId: string,
  scope: string,
): Promise<void> {
  await transaction(world.call(), (tx) =>
    putAssignment(tx, {
      name: randomUUID(),
      scope: parseResourceId(scope),
      roleId,
      principalId: who.objectId,
      principalType: 'ServicePrincipal',
    }),
  )
}
