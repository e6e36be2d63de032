/**
 * `/providers/Microsoft.Management/managementGroups/{name}`. All is done before a request is
 * answered; it says 202, as Azure does, and where to ask whether it is done.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { isAllowed } from '../../core/rbac/check.ts'
import { findManagementGroup } from '../../core/resources/management-groups.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType, NeededAccess, Query } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'
import { accessToCreate, accessToMove, WRITE_GROUP } from './group-access.ts'
import { askedParent, readPatch, readPut } from './group-body.ts'
import { groupDocument, groupSummary, head } from './group-document.ts'
import { type Node, openGroupTree, requireGroup } from './group-tree.ts'
import { changeGroup, createGroup, deleteGroup } from './group-write.ts'
import { statusUrl } from './operation-results.ts'

const READ_GROUP = 'Microsoft.Management/managementGroups/read'

export const managementGroups: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Management/managementGroups',
  apiVersions: MANAGEMENT_API_VERSIONS,
  place: 'tenant',
  freely: (verb) => verb === 'list',
  async get(call, id, query) {
    const node = requireGroup(await openGroupTree(call), id)
    return { status: 200, body: groupDocument(call, node, query) }
  },
  async list(call) {
    const groups = (await openGroupTree(call)).all().filter(({ isGroup }) => isGroup)
    const seen = await readable(call, groups)
    return { status: 200, body: { value: seen.map((node) => groupSummary(call, node)) } }
  },
  async put(tx, id, body, query) {
    const asked = readPut(id, body)
    if (!(await findManagementGroup(tx, id))) {
      await createGroup(tx, id, asked)
      return begun(tx, id, 'create', query)
    }
    await changeGroup(tx, id, asked)
    return whole(tx, id)
  },
  async patch(tx, id, body) {
    await changeGroup(tx, id, readPatch(body))
    return whole(tx, id)
  },
  async remove(tx, id, query) {
    const removed = await deleteGroup(tx, id)
    return removed ? begun(tx, id, 'delete', query) : { status: 204 }
  },
  async needs(call, id, verb, body) {
    if (verb === 'write') return accessToWrite(call, id, askedParent(body))
    return [{ action: `Microsoft.Management/managementGroups/${verb}`, scope: id }]
  },
}

async function accessToWrite(
  call: Call,
  id: ResourceId,
  parent: ResourceId | undefined,
): Promise<readonly NeededAccess[]> {
  const node = (await openGroupTree(call)).get(id.key)
  if (!node) return accessToCreate(call, parent)
  const own = { action: WRITE_GROUP, scope: id }
  const from = node.parent?.resource.id
  if (!from || !parent || parent.key === from.key) return [own]
  return [own, ...(await accessToMove(call, { child: id, from, to: parent }))]
}

async function readable(call: Call, groups: readonly Node[]): Promise<Node[]> {
  const principalId = callerObjectId(call)
  const seen: Node[] = []
  for (const node of groups) {
    if (principalId === undefined) break
    const question = {
      principalId,
      action: READ_GROUP,
      kind: 'action',
      scope: node.resource.id,
    } as const
    if ((await isAllowed(call, question)).allowed) seen.push(node)
  }
  return seen
}

async function whole(tx: Transaction, id: ResourceId): Promise<Answer> {
  return { status: 200, body: groupDocument(tx, requireGroup(await openGroupTree(tx), id)) }
}

function begun(tx: Transaction, id: ResourceId, verb: 'create' | 'delete', query: Query): Answer {
  const { name } = id
  return {
    status: 202,
    headers: {
      'azure-asyncoperation': statusUrl(tx, verb, name, query),
      ...(verb === 'create' && { location: locationUrl(tx, name, query) }),
      'retry-after': '1',
    },
    body: { ...head(name), status: 'NotStarted' },
  }
}

/** Where the group is to be had once it is made. */
function locationUrl(call: Call, name: string, query: Query): string {
  const version = encodeURIComponent(query['api-version'] ?? '')
  return `${call.names.origin('management')}${head(name).id}?api-version=${version}`
}
