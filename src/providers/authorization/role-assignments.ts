/** `{scope}/providers/Microsoft.Authorization/roleAssignments/{guid}`. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { asId, isGuid, type ObjectId } from '../../base/ids.ts'
import { type ResourceId, TENANT } from '../../base/resource-id.ts'
import { wordAmong } from '../../base/word.ts'
import type { Call } from '../../core/call.ts'
import { PRINCIPAL_TYPES, type PrincipalType } from '../../core/rbac/assignment.ts'
import { findAssignment, listAssignments, readAssignment } from '../../core/rbac/assignment-list.ts'
import type { Attributes } from '../../core/rbac/conditions/evaluate.ts'
import { deleteAssignment, putAssignment } from '../../core/rbac/role-assignments.ts'
import type { DerivedType } from '../provider.ts'
import { AUTHORIZATION_API_VERSIONS } from './api-versions.ts'
import { type Filter, readFilter } from './filter.ts'
import { checkPrincipal, principalTypeOf } from './principal-checks.ts'
import { readBody } from './read-body.ts'
import { roleAssignmentDocument } from './role-assignment-document.ts'

const NAME = 'Microsoft.Authorization/roleAssignments'

const principalType = z.preprocess(
  (given) => wordAmong(PRINCIPAL_TYPES, String(given)) ?? given,
  z.enum(PRINCIPAL_TYPES),
)
/** What clients send back of an answer, or of older versions; it changes nothing. */
const echoed = z.unknown().optional()
const putBody = z.strictObject({
  id: echoed,
  name: echoed,
  type: echoed,
  properties: z.strictObject({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: principalType.nullish(),
    description: z.string().nullish(),
    condition: z.string().nullish(),
    conditionVersion: z.string().nullish(),
    delegatedManagedIdentityResourceId: z.string().nullish(),
    canDelegate: echoed,
    scope: echoed,
    createdOn: echoed,
    createdBy: echoed,
    updatedOn: echoed,
    updatedBy: echoed,
  }),
})
type Asked = z.infer<typeof putBody>['properties']

export const roleAssignments: DerivedType = {
  kind: 'derived',
  name: NAME,
  apiVersions: AUTHORIZATION_API_VERSIONS,
  place: 'extension',
  async get(call, id, query) {
    const scope = scopeOf(id)
    const assignment = await readAssignment(call, { scope, name: id.name })
    return { status: 200, body: roleAssignmentDocument(assignment, scope, query) }
  },
  async list(call, scope, query) {
    const filter = readFilter(query.$filter, ['atScope', 'principalId', 'assignedTo'])
    const found = await listAssignments(call, {
      scope,
      atScope: filter.has('atScope'),
      principalId: principalIn(filter, 'principalId'),
      assignedTo: principalIn(filter, 'assignedTo'),
    })
    const value = found.map((assignment) => roleAssignmentDocument(assignment, scope, query))
    return { status: 200, body: { value } }
  },
  async put(tx, id, body, query) {
    const { properties } = readBody(putBody, body)
    const roleId = roleIdOf(properties.roleDefinitionId)
    const principal = await checkPrincipal(tx, askedPrincipal(properties), query)
    const { assignment, outcome } = await putAssignment(tx, {
      name: id.name,
      scope: scopeOf(id),
      roleId,
      ...principal,
      description: properties.description,
      condition: properties.condition,
      conditionVersion: properties.conditionVersion,
      delegatedIdentityId: properties.delegatedManagedIdentityResourceId,
    })
    // The platform fills in who made it only later.
    const written = { ...assignment, createdBy: null }
    return {
      status: outcome === 'created' ? 201 : 200,
      body: roleAssignmentDocument(written, scopeOf(id), query),
    }
  },
  async remove(tx, id, query) {
    const scope = scopeOf(id)
    const assignment = await deleteAssignment(tx, { scope, name: id.name })
    if (assignment === undefined) return { status: 204 }
    return { status: 200, body: roleAssignmentDocument(assignment, scope, query) }
  },
  /** What the condition of a delegated administrator looks at: what is granted, and to whom. */
  async attributes(call, id, verb, body) {
    return verb === 'write' ? { request: await requested(call, body) } : existing(call, id)
  },
}

async function requested(call: Call, body: unknown): Promise<NonNullable<Attributes['request']>> {
  const read = putBody.safeParse(body)
  if (!read.success) return {}
  const asked = read.data.properties
  const objectId = asId<ObjectId>(asked.principalId)
  const type =
    (objectId && (await principalTypeOf(call, objectId))) ?? asked.principalType ?? undefined
  return attributesOf(asked.roleDefinitionId, asked.principalId, type)
}

async function existing(call: Call, id: ResourceId): Promise<Attributes> {
  const assignment = await findAssignment(call, id.name)
  if (assignment === undefined) return {}
  const { roleId, principalId, principalType: type } = assignment
  return { resource: attributesOf(roleId, principalId, type) }
}

function attributesOf(
  roleDefinitionId: string,
  principalId: string,
  type: PrincipalType | undefined,
): Record<string, string> {
  return {
    [`${NAME}:RoleDefinitionId`]: roleDefinitionId,
    [`${NAME}:PrincipalId`]: principalId,
    ...(type === undefined ? {} : { [`${NAME}:PrincipalType`]: type }),
  }
}

function askedPrincipal(asked: Asked) {
  return { principalId: asked.principalId, principalType: asked.principalType ?? undefined }
}

/** Any role id, whatever subscription it is seen from. */
const ROLE_DEFINITION_ID =
  /^(?:\/[^?#]*)?\/providers\/Microsoft\.Authorization\/roleDefinitions\/([^/]+)$/i

function roleIdOf(roleDefinitionId: string): string {
  const roleId = ROLE_DEFINITION_ID.exec(roleDefinitionId)?.[1]
  if (roleId === undefined) {
    throw new Failure(
      'invalid',
      'BadRequestFormat',
      `The request was incorrectly formatted. The roleDefinitionId '${roleDefinitionId}' is not the id of a role definition.`,
    )
  }
  if (!isGuid(roleId)) {
    throw new Failure(
      'invalid',
      'InvalidRoleDefinitionId',
      `The role definition ID '${roleId}' is not valid.`,
    )
  }
  return roleId
}

function principalIn(filter: Filter, name: string): ObjectId | undefined {
  const given = filter.get(name)
  if (given === undefined) return undefined
  const principalId = asId<ObjectId>(given)
  if (principalId === undefined) {
    throw new Failure(
      'invalid',
      'InvalidPrincipalId',
      `The Principal ID '${given}' is not valid. Principal ID must be a GUID.`,
    )
  }
  return principalId
}

function scopeOf(id: ResourceId): ResourceId {
  return id.parent ?? TENANT
}
