/** `/directoryRoles` and `/directoryRoleTemplates`: the roles in use, and who holds them. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { findRoleTemplate } from '../../../core/directory/directory-role-templates.ts'
import {
  activateRole,
  assignDirectoryRole,
  membersOfRole,
  removeDirectoryRole,
} from '../../../core/directory/directory-roles.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Route } from '../../../http/route.ts'
import {
  ROLE,
  ROLE_TEMPLATE,
  rolesInUse,
  roleTemplates,
  shownRole,
  shownTemplate,
} from '../entities/directory-roles.ts'
import { directoryObject, findObjects, notFound, requireObject } from '../entities/objects.ts'
import { answerMany, answerOne, changing, graphRoute, NO_CONTENT, select } from '../graph-route.ts'
import type { Document } from '../odata/apply.ts'
import { readQuery } from '../odata/query.ts'
import { reference, referredTo } from './references.ts'

const READING = 'RoleManagement.Read.Directory'
const WRITING = 'RoleManagement.ReadWrite.Directory'
const TEMPLATES = '/directoryRoleTemplates'
const SET = '/directoryRoles'
/** `/{id}`, and the OData form for the template id: `(roleTemplateId='…')`. */
const ITEMS = [`${SET}/:id`, `${SET}:key`]

export function directoryRoleRoutes(): Route[] {
  return [...templateRoutes(), ...roleRoutes(), ...ITEMS.flatMap(memberRoutes)]
}

function templateRoutes(): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: TEMPLATES,
      permission: READING,
      answer: (call, asked) =>
        answerMany(call, asked, roleTemplates(), {
          context: 'directoryRoleTemplates',
          filtered: ROLE_TEMPLATE,
        }),
    }),
    graphRoute({
      method: 'GET',
      path: `${TEMPLATES}/:id`,
      permission: READING,
      async answer(call, asked) {
        const { id = '' } = asked.params
        const template = findRoleTemplate(id)
        if (template === undefined) throw notFound(id)
        return answerOne(call, asked, shownTemplate(template), {
          context: 'directoryRoleTemplates/$entity',
        })
      },
    }),
  ]
}

function roleRoutes(): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: SET,
      permission: READING,
      answer: async (call, asked) =>
        answerMany(call, asked, await rolesInUse(call), {
          context: 'directoryRoles',
          filtered: ROLE,
        }),
    }),
    ...ITEMS.map((path) =>
      graphRoute({
        method: 'GET',
        path,
        permission: READING,
        async answer(call, asked) {
          const { select: names } = readQuery(asked.arrival, ROLE)
          return answerOne(call, asked, select(await requireRole(call, asked.params), names), {
            context: 'directoryRoles/$entity',
          })
        },
      }),
    ),
    graphRoute({
      method: 'POST',
      path: SET,
      permission: WRITING,
      body: z.strictObject({
        roleTemplateId: z.guid(),
        displayName: z.string().max(256).nullish(),
        description: z.string().max(2048).nullish(),
      }),
      async answer(call, asked) {
        const roleId = asked.body.roleTemplateId.toLowerCase()
        if (findRoleTemplate(roleId) === undefined) throw notFound(roleId)
        const what = { action: 'microsoft.directory/directoryRoles/create', scope: SET }
        const isNew = await changing(call, what, (tx) => activateRole(tx, roleId))
        if (!isNew) throw conflicting()
        const [role = {}] = shownRole(call, roleId)
        return answerOne(call, asked, role, { context: 'directoryRoles/$entity', status: 201 })
      },
    }),
  ]
}

function memberRoutes(path: string): Route[] {
  const action = 'microsoft.directory/directoryRoles/members/update'
  return [
    graphRoute({
      method: 'GET',
      path: `${path}/members`,
      permission: READING,
      async answer(call, asked) {
        const roleId = await requireRoleId(call, asked.params)
        return answerMany(call, asked, await findObjects(call, await membersOfRole(call, roleId)), {
          context: 'directoryObjects',
          filtered: directoryObject,
        })
      },
    }),
    graphRoute({
      method: 'POST',
      path: `${path}/members/$ref`,
      permission: WRITING,
      body: reference,
      async answer(call, { params, body }) {
        await changing(call, { action, scope: `${SET}/${params.id ?? params.key}` }, async (tx) => {
          const roleId = await requireRoleId(tx, params)
          const memberId = await roleHolder(tx, await referredTo(tx, body['@odata.id']))
          if (!(await assignDirectoryRole(tx, { roleId, memberId }))) throw alreadyMember()
        })
        return NO_CONTENT
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${path}/members/:memberId/$ref`,
      permission: WRITING,
      async answer(call, { params }) {
        const memberId = asId<ObjectId>(params.memberId ?? '')
        await changing(call, { action, scope: `${SET}/${params.id ?? params.key}` }, async (tx) => {
          const roleId = await requireRoleId(tx, params)
          const isGone = memberId && (await removeDirectoryRole(tx, { roleId, memberId }))
          if (!isGone) throw notFound(params.memberId ?? '')
        })
        return NO_CONTENT
      },
    }),
  ]
}

/**
 * Who can hold a role: users, service principals, and groups that were made for it.
 * @throws Failure invalid `Request_BadRequest`, missing `Request_ResourceNotFound`
 */
export async function roleHolder(tx: Transaction, id: string): Promise<ObjectId> {
  const { type, shown } = await requireObject(tx, id)
  const isHolder =
    type.set === 'groups' ? shown.isAssignableToRole === true : type.set !== 'applications'
  if (isHolder) return shown.id
  throw new Failure(
    'invalid',
    'Request_BadRequest',
    type.set === 'groups'
      ? `The group '${shown.id}' cannot be assigned to a role: it was not created with isAssignableToRole.`
      : 'Only users, service principals and role-assignable groups can be assigned to a role.',
  )
}

export function conflicting(): Failure {
  return new Failure(
    'invalid',
    'Request_BadRequest',
    'A conflicting object with one or more of the specified property values is present in the directory.',
  )
}

/** A role in use, by its own id or by its template's. */
async function requireRole(
  call: Call,
  { id = '', key }: Readonly<Record<string, string>>,
): Promise<Document> {
  const [, name = 'id', value = ''] = /^\((?:(\w+)=)?'([^']*)'\)$/.exec(key ?? `('${id}')`) ?? []
  const property = name.toLowerCase() === 'roletemplateid' ? 'roleTemplateId' : 'id'
  const wanted = value.toLowerCase()
  const found = (await rolesInUse(call)).find((role) => role[property] === wanted)
  if (found) return found
  throw notFound(value)
}

async function requireRoleId(
  call: Call,
  params: Readonly<Record<string, string>>,
): Promise<string> {
  return String((await requireRole(call, params)).roleTemplateId)
}

function alreadyMember(): Failure {
  return new Failure(
    'invalid',
    'Request_BadRequest',
    "One or more added object references already exist for the following modified properties: 'members'.",
  )
}
