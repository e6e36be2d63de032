/** `{root group}/settings/default`: what holds for the whole tree of a tenant. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { MANAGEMENT_GROUP, type ResourceId, rootManagementGroup } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import {
  type HierarchySettings,
  hierarchySettings,
  putHierarchySettings,
} from '../../core/resources/management-groups.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'
import { groupId, readBody } from './group-body.ts'
import { badRequest, head } from './group-document.ts'
import { openGroupTree, requireGroup } from './group-tree.ts'

const NAME = `${MANAGEMENT_GROUP}/settings`
/** What clients send back of an answer; it changes nothing. */
const echoed = z.unknown().optional()
const body = z.strictObject({
  id: echoed,
  type: echoed,
  name: echoed,
  properties: z.strictObject({
    tenantId: echoed,
    requireAuthorizationForGroupCreation: z.boolean().nullish(),
    defaultManagementGroup: z.string().nullish(),
  }),
})

export const hierarchySettingsType: DerivedType = {
  kind: 'derived',
  name: NAME,
  apiVersions: MANAGEMENT_API_VERSIONS,
  place: 'tenant',
  async get(call, id) {
    return { status: 200, body: shown(call, await required(call, id)) }
  },
  async list(call) {
    const settings = await hierarchySettings(call)
    return { status: 200, body: { value: settings ? [shown(call, settings)] : [] } }
  },
  async put(tx, id, given) {
    return keep(tx, id, await read(tx, given))
  },
  async patch(tx, id, given) {
    return keep(tx, id, { ...(await hierarchySettings(tx)), ...(await read(tx, given)) })
  },
  async remove(tx, id) {
    await required(tx, id)
    await putHierarchySettings(tx, undefined)
    return { status: 200 }
  },
}

async function keep(tx: Transaction, id: ResourceId, settings: HierarchySettings): Promise<Answer> {
  checkPlace(tx, id)
  await putHierarchySettings(tx, settings)
  return { status: 200, body: shown(tx, settings) }
}

async function read(call: Call, given: unknown): Promise<HierarchySettings> {
  const { requireAuthorizationForGroupCreation: isGuarded, defaultManagementGroup: group } =
    readBody(body, given).properties
  if (group) requireGroup(await openGroupTree(call), groupId(group))
  return {
    ...(isGuarded !== undefined &&
      isGuarded !== null && { requireAuthorizationForGroupCreation: isGuarded }),
    ...(group && { defaultManagementGroup: group }),
  }
}

async function required(call: Call, id: ResourceId): Promise<HierarchySettings> {
  checkPlace(call, id)
  const settings = await hierarchySettings(call)
  if (settings) return settings
  throw new Failure('missing', 'NotFound', `'${id.text}' not found`)
}

function checkPlace(call: Call, { parent, name }: ResourceId): void {
  if (name.toLowerCase() !== 'default') throw badRequest("Settings are always named 'default'.")
  if (parent?.key === rootManagementGroup(call).key) return
  throw badRequest('Hierarchy settings can only be set on the root management group.')
}

function shown(call: Call, settings: HierarchySettings): object {
  const { id, name } = head(rootManagementGroup(call).name)
  return {
    id: `${id}/settings/default`,
    type: NAME,
    name,
    properties: { tenantId: call.tenantId, ...settings },
  }
}
