/** Grants of delegated permissions. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import {
  createPermissionGrant,
  findPermissionGrant,
  listPermissionGrants,
  type PermissionGrant,
  removePermissionGrant,
  setGrantedScope,
} from '../../../core/directory/permission-grants.ts'
import { findUser } from '../../../core/directory/users.ts'
import type { Route } from '../../../http/route.ts'
import { notFound } from '../entities/objects.ts'
import { principalOf, servicePrincipals } from '../entities/service-principals.ts'
import { answerMany, answerOne, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { requireEntity } from './entities.ts'

const LONGEST_SCOPE_CHARS = 4096
const SET = '/oauth2PermissionGrants'
const CONTEXT = 'oauth2PermissionGrants'

const scope = z.string().max(LONGEST_SCOPE_CHARS)
const creation = z.strictObject({
  clientId: z.guid(),
  consentType: z.enum(['AllPrincipals', 'Principal']),
  principalId: z.guid().nullish(),
  resourceId: z.guid(),
  scope: scope.nullish(),
  /** Asked of old, and without a meaning since. */
  startTime: z.string().max(100).nullish(),
  expiryTime: z.string().max(100).nullish(),
})

const FILTERED = {
  typeName: 'oAuth2PermissionGrant',
  title: 'OAuth2PermissionGrant',
  properties: { id: 1, clientId: 1, consentType: 1, principalId: 1, resourceId: 1, scope: 1 },
}

export function permissionGrantRoutes(): Route[] {
  return [...readingRoutes(), ...writingRoutes()]
}

function readingRoutes(): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: SET,
      permission: 'Directory.Read.All',
      answer: async (call, asked) =>
        answerMany(call, asked, (await livingGrants(call)).map(shown), {
          context: CONTEXT,
          filtered: FILTERED,
        }),
    }),
    graphRoute({
      method: 'GET',
      path: '/servicePrincipals/:id/oauth2PermissionGrants',
      permission: 'Directory.Read.All',
      async answer(call, asked) {
        const { id } = await requireEntity(call, servicePrincipals, asked.params)
        const own = (await livingGrants(call)).filter(({ clientId }) => clientId === id)
        return answerMany(call, asked, own.map(shown), { context: CONTEXT, filtered: FILTERED })
      },
    }),
    graphRoute({
      method: 'GET',
      path: `${SET}/:id`,
      permission: 'Directory.Read.All',
      answer: async (call, asked) =>
        answerOne(call, asked, shown(await requireGrant(call, asked.params.id)), {
          context: `${CONTEXT}/$entity`,
        }),
    }),
  ]
}

function writingRoutes(): Route[] {
  const permission = 'DelegatedPermissionGrant.ReadWrite.All'
  const action = 'microsoft.directory/oAuth2PermissionGrants/allProperties/update'
  return [
    graphRoute({
      method: 'POST',
      path: SET,
      permission,
      body: creation,
      async answer(call, asked) {
        const grant = await changing(call, { action, scope: SET }, async (tx) =>
          createPermissionGrant(tx, await readGrant(tx, asked.body)),
        )
        return answerOne(call, asked, shown(grant), { context: `${CONTEXT}/$entity`, status: 201 })
      },
    }),
    graphRoute({
      method: 'PATCH',
      path: `${SET}/:id`,
      permission,
      body: z.strictObject({ scope }),
      async answer(call, { params, body }) {
        await changing(call, { action, scope: `${SET}/${params.id}` }, async (tx) => {
          const { id } = await requireGrant(tx, params.id)
          await setGrantedScope(tx, { id, scope: body.scope })
        })
        return NO_CONTENT
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${SET}/:id`,
      permission,
      async answer(call, { params }) {
        await changing(call, { action, scope: `${SET}/${params.id}` }, async (tx) => {
          await removePermissionGrant(tx, (await requireGrant(tx, params.id)).id)
        })
        return NO_CONTENT
      },
    }),
  ]
}

/** Grants of what was deleted wait with it, and show themselves to nobody. */
async function livingGrants(call: Call): Promise<PermissionGrant[]> {
  const all = await listPermissionGrants(call)
  const living = await Promise.all(
    all.map(async ({ clientId, resourceId }) => {
      const [client, resource] = [principalOf(call, clientId), principalOf(call, resourceId)]
      return (await client) !== undefined && (await resource) !== undefined
    }),
  )
  return all.filter((_grant, at) => living[at])
}

/** Client and resource are service principals that are there; one user's grant names the user. */
async function readGrant(
  call: Call,
  body: z.infer<typeof creation>,
): Promise<Omit<PermissionGrant, 'id'>> {
  const [clientId, resourceId] = [body.clientId, body.resourceId].map((id) => asId<ObjectId>(id))
  for (const id of [clientId, resourceId]) {
    if (!id || !(await principalOf(call, id))) throw notFound(String(id))
  }
  const principalId = asId<ObjectId>(body.principalId ?? '') ?? null
  if ((body.consentType === 'Principal') !== (principalId !== null)) {
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      "A principalId goes with the consent type 'Principal', and with no other.",
    )
  }
  if (principalId !== null && !(await findUser(call, principalId))) throw notFound(principalId)
  return {
    clientId: clientId as ObjectId,
    consentType: body.consentType,
    principalId,
    resourceId: resourceId as ObjectId,
    scope: body.scope ?? '',
  }
}

async function requireGrant(call: Call, id = ''): Promise<PermissionGrant> {
  const grant = await findPermissionGrant(call, id)
  if (grant) return grant
  throw notFound(id)
}

function shown(grant: PermissionGrant) {
  return { ...grant }
}
