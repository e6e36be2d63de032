/** Who a principal is, to an assignment: itself, and every group it is in. */
import type { ObjectId } from '../../base/ids.ts'
import type { Call } from '../call.ts'
import { transitiveGroupIds } from '../directory/groups.ts'

/** The principal and its groups, those that contain its groups included. */
export async function principalsOf(call: Call, objectId: ObjectId): Promise<readonly ObjectId[]> {
  const groups = await transitiveGroupIds(call, objectId)
  return groups.length === 0 ? [objectId] : [objectId, ...groups]
}
