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
import {
  type GraphPermission,
  microsoftGraphPrincipal,
} from '../../../core/directory/microsoft-graph.ts'
import type { Route } from '../../../http/route.ts'
import type { EntityType } from '../entities/entity.ts'
import { groups } from '../entities/groups.ts'
import { findObject, notFound, requireObject } from '../entities/objects.ts'
import { servicePrincipals } from '../entities/service-principals.ts'
import { users } from '../entities/users.ts'
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

/** A list of assignments: whose it is, and which member of each assignment that is. */
interface Side {
  readonly type: EntityType
  readonly name: 'appRoleAssignments' | 'appRoleAssignedTo'
  readonly own: 'principalId' | 'resourceId'
  readonly reading: GraphPermission
  read(call: Call, objectId: ObjectId): Promise<AppRoleAssignment[]>
}

const GRANTED = {
  name: 'appRoleAssignments',
  own: 'principalId',
  read: appRoleAssignmentsOf,
} as const

const SIDES: readonly Side[] = [
  { ...GRANTED, type: servicePrincipals, reading: 'Application.Read.All' },
  { ...GRANTED, type: users, reading: 'Directory.Read.All' },
  { ...GRANTED, type: groups, reading: 'Directory.Read.All' },
  {
    type: servicePrincipals,
    name: 'appRoleAssignedTo',
    own: 'resourceId',
    reading: 'Application.Read.All',
    read: appRoleAssignedTo,
  },
]

const CONTEXT = 'appRoleAssignments'

export function appRoleAssignmentRoutes(): Route[] {
  return SIDES.flatMap((side) => [...readingRoutes(side), ...writingRoutes(side)])
}

function readingRoutes(side: Side): Route[] {
  const { type, reading: permission } = side
  return [
    graphRoute({
      method: 'GET',
      path: pathOf(side),
      permission,
      async answer(call, request) {
        const { id } = await requireEntity(call, type, request.params)
        const all = await Promise.all((await side.read(call, id)).map((one) => shown(call, one)))
        // What was deleted keeps what it was granted until it is gone for good, and shows it to nobody.
        const living = all.filter(
          (one) => one.principalType !== null && one.resourceDisplayName !== null,
        )
        return answerMany(call, request, living, { context: CONTEXT, filtered: FILTERED })
      },
    }),
    graphRoute({
      method: 'GET',
      path: `${pathOf(side)}/:assignmentId`,
      permission,
      async answer(call, request) {
        const found = await requireAssignment(call, side, request.params)
        return answerOne(call, request, await shown(call, found), {
          context: `${CONTEXT}/$entity`,
        })
      },
    }),
  ]
}

function writingRoutes(side: Side): Route[] {
  const { type, own } = side
  const permission = 'AppRoleAssignment.ReadWrite.All'
  const action = `microsoft.directory/${type.set}/appRoleAssignments/update`
  return [
    graphRoute({
      method: 'POST',
      path: pathOf(side),
      permission,
      body: asked,
      async answer(call, request) {
        const scope = `/${type.set}/${request.params.id ?? request.params.key}`
        const made = await changing(call, { action, scope }, async (tx) => {
          const { id } = await requireEntity(tx, type, request.params)
          if (request.body[own].toLowerCase() !== id) throw otherThanPath(own)
          const wanted = await checked(tx, request.body)
          if (wanted.resourceId === microsoftGraphPrincipal(tx).objectId) {
            await requireGraphGrant(tx)
          }
          return assignAppRole(tx, wanted)
        })
        return answerOne(call, request, await shown(call, made), {
          context: `${CONTEXT}/$entity`,
          status: 201,
        })
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${pathOf(side)}/:assignmentId`,
      permission,
      async answer(call, { params }) {
        await changing(
          call,
          { action, scope: `/${type.set}/${params.id ?? params.key}` },
          async (tx) => {
            await removeAppRoleAssignment(tx, (await requireAssignment(tx, side, params)).id)
          },
        )
        return NO_CONTENT
      },
    }),
  ]
}

function pathOf({ type, name }: Side): string {
  return `/${type.set}/:id/${name}`
}

async function requireAssignment(
  call: Call,
  { type, read }: Side,
  params: Readonly<Record<string, string>>,
): Promise<AppRoleAssignment> {
  const { id } = await requireEntity(call, type, params)
  const found = (await read(call, id)).find((one) => one.id === params.assignmentId)
  if (found) return found
  throw notFound(params.assignmentId ?? '')
}

/** Principal and resource are there, and the resource offers the role to such principals. */
async function checked(call: Call, body: z.infer<typeof asked>) {
  const principal = await requireObject(call, body.principalId)
  const resource = await requireEntity(call, servicePrincipals, { id: body.resourceId })
  const appRoleId = body.appRoleId.toLowerCase()
  const memberType = MEMBER_TYPES[principal.type.set]
  const isOffered =
    memberType !== undefined &&
    (appRoleId === DEFAULT_ACCESS ||
      (resource.appRoles as readonly OfferedRole[]).some(
        ({ id, allowedMemberTypes }) =>
          String(id).toLowerCase() === appRoleId &&
          (!Array.isArray(allowedMemberTypes) || allowedMemberTypes.includes(memberType)),
      ))
  if (!isOffered) {
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      'Permission being assigned was not found on application',
    )
  }
  return { principalId: principal.shown.id, resourceId: resource.id, appRoleId }
}

interface OfferedRole {
  readonly id?: unknown
  readonly allowedMemberTypes?: unknown
}

/** Whom a role must be for, by the set that a principal is in; applications themselves hold none. */
const MEMBER_TYPES: Readonly<Record<string, string>> = {
  users: 'User',
  groups: 'User',
  servicePrincipals: 'Application',
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
