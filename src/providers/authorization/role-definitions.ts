/** `{scope}/providers/Microsoft.Authorization/roleDefinitions/{guid}`. */
import { z } from 'zod'
import { type ResourceId, readResourceId, TENANT } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { isAllowed } from '../../core/rbac/check.ts'
import { deleteCustomRole, putCustomRole } from '../../core/rbac/custom-roles.ts'
import type { Role } from '../../core/rbac/role.ts'
import {
  findRole,
  isAssignableWithin,
  noSuchRole,
  rolesAt,
} from '../../core/rbac/role-definitions.ts'
import type { DerivedType, LinkedAccess } from '../provider.ts'
import { AUTHORIZATION_API_VERSIONS } from './api-versions.ts'
import { readFilter } from './filter.ts'
import { readBody } from './read-body.ts'
import { roleDefinitionDocument } from './role-definition-document.ts'

const NAME = 'Microsoft.Authorization/roleDefinitions'

const patterns = z
  .array(z.string().min(1))
  .nullish()
  .transform((given) => given ?? [])
const permission = z.strictObject({
  actions: patterns,
  notActions: patterns,
  dataActions: patterns,
  notDataActions: patterns,
  // Conditions are on assignments; a custom role that had one would grant more than it says.
  condition: z.null().optional(),
  conditionVersion: z.null().optional(),
})
/** What clients send back of an answer; it changes nothing. */
const echoed = z.unknown().optional()
const putBody = z.strictObject({
  id: echoed,
  name: echoed,
  type: echoed,
  properties: z.strictObject({
    roleName: z.string(),
    description: z.string().max(2048).nullish(),
    type: z.literal('CustomRole').nullish(),
    permissions: z.array(permission).min(1),
    assignableScopes: z.array(z.string()),
    createdOn: echoed,
    createdBy: echoed,
    updatedOn: echoed,
    updatedBy: echoed,
  }),
})
/** Enough of a body to know where the caller must have rights. */
const scopesOfBody = z.object({ properties: z.object({ assignableScopes: z.array(z.string()) }) })

export const roleDefinitions: DerivedType = {
  kind: 'derived',
  name: NAME,
  apiVersions: AUTHORIZATION_API_VERSIONS,
  place: 'extension',
  async get(call, id) {
    const scope = scopeOf(id)
    const role = await findRole(call, id.name)
    const here = role !== undefined && (await isAssignableWithin(call, role, scope))
    if (!here || !(await isVisible(call, role, scope))) throw noSuchRole(id.name)
    return { status: 200, body: roleDefinitionDocument(role, scope) }
  },
  async list(call, scope, query) {
    const filter = readFilter(query.$filter, ['roleName', 'type', 'atScopeAndBelow'])
    const roles = await rolesAt(call, scope, {
      name: filter.get('roleName'),
      type: filter.get('type'),
      andBelow: filter.has('atScopeAndBelow'),
    })
    return {
      status: 200,
      body: { value: roles.map((role) => roleDefinitionDocument(role, scope)) },
    }
  },
  async put(tx, id, body) {
    const { properties } = readBody(putBody, body)
    const role = await putCustomRole(tx, {
      id: id.name,
      name: properties.roleName,
      description: properties.description ?? '',
      permissions: properties.permissions.map(
        ({ actions, notActions, dataActions, notDataActions }) => ({
          actions,
          notActions,
          dataActions,
          notDataActions,
        }),
      ),
      assignableScopes: properties.assignableScopes,
    })
    // The platform fills in who made it only later, and answers 201 for changes as well.
    const written: Role = { ...role, createdBy: null }
    return { status: 201, body: roleDefinitionDocument(written, scopeOf(id)) }
  },
  async remove(tx, id) {
    const role = await deleteCustomRole(tx, id.name)
    if (role === undefined) return { status: 204 }
    return { status: 200, body: roleDefinitionDocument(role, scopeOf(id)) }
  },
  /** Built-in roles are no secret: any principal may look them up from the tenant. */
  freely: (verb, scope) => verb !== 'act' && scope.key === '/',
  /** Writing a role needs the right on every scope it can be assigned at; so does deleting it. */
  async linked(call, id, body) {
    const before = await findRole(call, id.name)
    const held = before?.type === 'CustomRole' ? before.assignableScopes : []
    const asked = scopesOfBody.safeParse(body)
    if (body === undefined) return linksTo(held, `${NAME}/delete`)
    if (!asked.success) return []
    return linksTo([...held, ...asked.data.properties.assignableScopes], `${NAME}/write`)
  },
}

/** From the tenant, where everyone may look, a custom role shows to those who see its scopes. */
async function isVisible(call: Call, role: Role, seenFrom: ResourceId): Promise<boolean> {
  if (seenFrom.key !== '/' || role.type === 'BuiltInRole') return true
  const principalId = callerObjectId(call)
  if (principalId === undefined) return false
  for (const text of role.assignableScopes) {
    const scope = readResourceId(text)
    if (scope === undefined) continue
    const question = { principalId, action: `${NAME}/read`, kind: 'action', scope } as const
    if ((await isAllowed(call, question)).allowed) return true
  }
  return false
}

function linksTo(scopes: readonly string[], action: string): LinkedAccess[] {
  // What is no scope at all is refused as such when the role is written.
  return [...new Set(scopes)].flatMap((text) => {
    const scope = readResourceId(text)
    return scope === undefined ? [] : [{ action, scope }]
  })
}

function scopeOf(id: ResourceId): ResourceId {
  return id.parent ?? TENANT
}
