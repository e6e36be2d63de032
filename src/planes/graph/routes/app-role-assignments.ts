/** App role assignments, from both sides: what a principal was granted, and what of a resource. */
import { z } from 'zod'
import { isoSeconds } from '../../../base/clock.ts'
import { Failure } from '../../../base/failure.ts'
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import {
  type AppRoleAssignment,
  appRoleAssignedTo,
  appRoleAssignmentsOf,
  assignAppRole,
  removeAppRoleAssignment,
} from '../../../core/directory/app-role-assignments.ts'
import { microsoftGraphPrincipal } from '../../../core/directory/microsoft-graph.ts'
import type { Route } from '../../../http/route.ts'
import { findObject, notFound, requireObject } from '../entities/objects.ts'
import { servicePrincipals } from '../entities/service-principals.ts'
import { answerMany, answerOne, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import type { Document } from '../odata/apply.ts'
import { requireGraphGrant } from '../permissions.ts'
import { requireEntity } from './entities.ts'

/** What stands for access without a role, where the resource has none. */
const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'

const asked = z.strictObject({
  principalId: z.guid(),
  resourceId: z.guid(),
  appRoleId: z.guid(),
})

const PROPERTIES = [
  ...['id', 'deletedDateTime', 'appRoleId', 'createdDateTime', 'principalDisplayName'],
  ...['principalId', 'principalType', 'resourceDisplayName', 'resourceId'],
]
const FILTERED = {
  typeName: 'appRoleAssignment',
  title: 'AppRoleAssignment',
  properties: Object.fromEntries(PROPERTIES.map((name) => [name, null])),
}

/** The two sides: which member of an assignment the path's service principal is. */
const SIDES = [
  { name: 'appRoleAssignments', own: 'principalId', read: appRoleAssignmentsOf },
  { name: 'appRoleAssignedTo', own: 'resourceId', read: appRoleAssignedTo },
] as const

export function appRoleAssignmentRoutes(): Route[] {
  return SIDES.flatMap(routesOf)
}

function routesOf({ name, own, read }: (typeof SIDES)[number]): Route[] {
  const path = `/servicePrincipals/:id/${name}`
  const permission = 'AppRoleAssignment.ReadWrite.All'
  const action = 'microsoft.directory/servicePrincipals/appRoleAssignedTo/update'
  const requireOne = async (call: Call, params: Readonly<Record<string, string>>) => {
    const { id } = await requireEntity(call, servicePrincipals, params)
    const found = (await read(call, id)).find((one) => one.id === params.assignmentId)
    if (found) return found
    throw notFound(params.assignmentId ?? '')
  }
  return [
    graphRoute({
      method: 'GET',
      path,
      permission: 'Application.Read.All',
      async answer(call, request) {
        const { id } = await requireEntity(call, servicePrincipals, request.params)
        const all = await Promise.all((await read(call, id)).map((one) => shown(call, one)))
        // What was deleted keeps what it was granted until it is gone for good, and shows it to nobody.
        const living = all.filter(
          (one) => one.principalType !== null && one.resourceDisplayName !== null,
        )
        return answerMany(call, request, living, {
          context: 'appRoleAssignments',
          filtered: FILTERED,
        })
      },
    }),
    graphRoute({
      method: 'GET',
      path: `${path}/:assignmentId`,
      permission: 'Application.Read.All',
      answer: async (call, request) =>
        answerOne(call, request, await shown(call, await requireOne(call, request.params)), {
          context: 'appRoleAssignments/$entity',
        }),
    }),
    graphRoute({
      method: 'POST',
      path,
      permission,
      body: asked,
      async answer(call, request) {
        const scope = `/servicePrincipals/${request.params.id}`
        const made = await changing(call, { action, scope }, async (tx) => {
          const { id } = await requireEntity(tx, servicePrincipals, request.params)
          if (request.body[own].toLowerCase() !== id) throw otherThanPath(own)
          const wanted = await checked(tx, request.body)
          if (wanted.resourceId === microsoftGraphPrincipal(tx).objectId)
            await requireGraphGrant(tx)
          return assignAppRole(tx, wanted)
        })
        return answerOne(call, request, await shown(call, made), {
          context: 'appRoleAssignments/$entity',
          status: 201,
        })
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${path}/:assignmentId`,
      permission,
      async answer(call, { params }) {
        const scope = `/servicePrincipals/${params.id}`
        await changing(call, { action, scope }, async (tx) => {
          await removeAppRoleAssignment(tx, (await requireOne(tx, params)).id)
        })
        return NO_CONTENT
      },
    }),
  ]
}

/** Principal and resource are there, and the resource offers the role. */
async function checked(call: Call, body: z.infer<typeof asked>) {
  const principal = await requireObject(call, body.principalId)
  const resource = await requireEntity(call, servicePrincipals, { id: body.resourceId })
  const appRoleId = body.appRoleId.toLowerCase()
  const offered = (resource.appRoles as readonly { readonly id?: unknown }[]).map(({ id }) =>
    String(id).toLowerCase(),
  )
  const isOffered = offered.includes(appRoleId) || appRoleId === DEFAULT_ACCESS
  if (!isOffered || principal.type.set === 'applications') {
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      'Permission being assigned was not found on application',
    )
  }
  return { principalId: principal.shown.id, resourceId: resource.id, appRoleId }
}

async function shown(call: Call, assignment: AppRoleAssignment): Promise<Document> {
  const principal = await findObject(call, assignment.principalId)
  const resource = await findObject(call, asId<ObjectId>(assignment.resourceId) as ObjectId)
  return {
    id: assignment.id,
    deletedDateTime: null,
    appRoleId: assignment.appRoleId,
    createdDateTime: isoSeconds(assignment.createdAt),
    principalDisplayName: principal?.shown.displayName ?? null,
    principalId: assignment.principalId,
    principalType: principal?.type.title ?? null,
    resourceDisplayName: resource?.shown.displayName ?? null,
    resourceId: assignment.resourceId,
  }
}

function otherThanPath(member: string): Failure {
  return new Failure(
    'invalid',
    'Request_BadRequest',
    `The ${member} of the assignment must be the service principal that the address names.`,
  )
}
