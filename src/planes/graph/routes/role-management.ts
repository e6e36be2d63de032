/** `/roleManagement/directory`: role definitions, and their assignments in the whole directory. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { findRoleTemplate } from '../../../core/directory/directory-role-templates.ts'
import {
  assignDirectoryRole,
  listRoleAssignments,
  type RoleAssignment,
  removeDirectoryRole,
} from '../../../core/directory/directory-roles.ts'
import type { Route } from '../../../http/route.ts'
import { ROLE_DEFINITION, roleDefinitions, shownDefinition } from '../entities/directory-roles.ts'
import { findObjects, notFound } from '../entities/objects.ts'
import { answerMany, answerOne, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import type { Document } from '../odata/apply.ts'
import type { Query } from '../odata/query.ts'
import { conflicting, roleHolder } from './directory-roles.ts'

const READING = 'RoleManagement.Read.Directory'
const WRITING = 'RoleManagement.ReadWrite.Directory'
const DEFINITIONS = '/roleManagement/directory/roleDefinitions'
const ASSIGNMENTS = '/roleManagement/directory/roleAssignments'
const CONTEXT = 'roleManagement/directory/roleAssignments'
const ASSIGNMENT = {
  typeName: 'unifiedRoleAssignment',
  title: 'RoleAssignment',
  properties: {
    id: null,
    condition: null,
    directoryScopeId: null,
    principalId: null,
    roleDefinitionId: null,
  },
}

const creation = z.strictObject({
  principalId: z.guid(),
  roleDefinitionId: z.guid(),
  directoryScopeId: z.string().max(1024).nullish(),
  appScopeId: z.string().max(1024).nullish(),
  condition: z.null().optional(),
})

export function roleManagementRoutes(): Route[] {
  return [...definitionRoutes(), ...readingRoutes(), ...writingRoutes()]
}

function definitionRoutes(): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: DEFINITIONS,
      permission: READING,
      answer: (call, asked) =>
        answerMany(call, asked, roleDefinitions(), {
          context: 'roleManagement/directory/roleDefinitions',
          filtered: ROLE_DEFINITION,
        }),
    }),
    graphRoute({
      method: 'GET',
      path: `${DEFINITIONS}/:id`,
      permission: READING,
      async answer(call, asked) {
        const { id = '' } = asked.params
        const template = findRoleTemplate(id)
        if (template === undefined) throw notFound(id)
        return answerOne(call, asked, shownDefinition(template), {
          context: 'roleManagement/directory/roleDefinitions/$entity',
        })
      },
    }),
  ]
}

function readingRoutes(): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: ASSIGNMENTS,
      permission: READING,
      answer: async (call, asked) =>
        answerMany(call, asked, (await listRoleAssignments(call)).map(shown), {
          context: CONTEXT,
          filtered: ASSIGNMENT,
          complete: (documents, query) => expanded(call, documents, query),
        }),
    }),
    graphRoute({
      method: 'GET',
      path: `${ASSIGNMENTS}/:id`,
      permission: READING,
      answer: async (call, asked) =>
        answerOne(call, asked, shown(await requireAssignment(call, asked.params.id)), {
          context: `${CONTEXT}/$entity`,
        }),
    }),
  ]
}

function writingRoutes(): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: ASSIGNMENTS,
      permission: WRITING,
      body: creation,
      async answer(call, asked) {
        const roleId = asked.body.roleDefinitionId.toLowerCase()
        if (findRoleTemplate(roleId) === undefined) throw notFound(roleId)
        refuseNarrowScope(asked.body)
        const action = 'microsoft.directory/roleAssignments/create'
        const made = await changing(call, { action, scope: ASSIGNMENTS }, async (tx) => {
          const memberId = await roleHolder(tx, asked.body.principalId)
          if (!(await assignDirectoryRole(tx, { roleId, memberId }))) throw conflicting()
          return { roleId, memberId }
        })
        return answerOne(call, asked, shown(made), { context: `${CONTEXT}/$entity`, status: 201 })
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${ASSIGNMENTS}/:id`,
      permission: WRITING,
      async answer(call, { params }) {
        const action = 'microsoft.directory/roleAssignments/delete'
        await changing(call, { action, scope: `${ASSIGNMENTS}/${params.id}` }, async (tx) => {
          await removeDirectoryRole(tx, await requireAssignment(tx, params.id))
        })
        return NO_CONTENT
      },
    }),
  ]
}

/** An assignment to less than the directory would be one to all of it here. */
function refuseNarrowScope(body: z.infer<typeof creation>): void {
  if (!body.appScopeId && (body.directoryScopeId ?? '/') === '/') return
  throw new Failure(
    'invalid',
    'Request_BadRequest',
    "Roles are assigned in the whole directory: the directoryScopeId must be '/'.",
  )
}

async function requireAssignment(call: Call, id = ''): Promise<RoleAssignment> {
  const found = (await listRoleAssignments(call)).find((one) => idOf(one) === id)
  if (found) return found
  throw notFound(id)
}

function shown(assignment: RoleAssignment): Document {
  return {
    id: idOf(assignment),
    principalId: assignment.memberId,
    directoryScopeId: '/',
    roleDefinitionId: assignment.roleId,
  }
}

/** As Azure makes them: both ids in the byte order of its GUIDs, and the scope's number. */
function idOf({ roleId, memberId }: RoleAssignment): string {
  return `${Buffer.concat([guidBytes(roleId), guidBytes(memberId)]).toString('base64url')}-1`
}

function guidBytes(id: string): Buffer {
  const [first = '', second = '', third = '', ...rest] = id.split('-')
  const turned = [first, second, third].map((part) => Buffer.from(part, 'hex').reverse())
  return Buffer.concat([...turned, Buffer.from(rest.join(''), 'hex')])
}

async function expanded(
  call: Call,
  documents: readonly Document[],
  { expand }: Query,
): Promise<readonly Document[]> {
  return Promise.all(
    documents.map(async (document) => {
      const [principal = null] = expand.includes('principal')
        ? await findObjects(call, [document.principalId as ObjectId])
        : []
      const template = findRoleTemplate(String(document.roleDefinitionId))
      return {
        ...document,
        ...(expand.includes('principal') && { principal }),
        ...(expand.includes('roleDefinition') &&
          template && { roleDefinition: shownDefinition(template) }),
      }
    }),
  )
}
