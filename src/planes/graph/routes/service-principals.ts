/** Making a service principal for an application, and changing one. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { asId, type ClientId, type ObjectId } from '../../../base/ids.ts'
import { findApplicationByClientId } from '../../../core/directory/applications.ts'
import { addOwner } from '../../../core/directory/owners.ts'
import { changeProfile, profileOf } from '../../../core/directory/profiles.ts'
import {
  createServicePrincipal,
  findServicePrincipalByClientId,
  renameServicePrincipal,
  setAccountEnabled,
} from '../../../core/directory/service-principals.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Route } from '../../../http/route.ts'
import { profileChanges, writable } from '../entities/entity.ts'
import { changeable, servicePrincipals } from '../entities/service-principals.ts'
import { changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { isOwner } from '../ownership.ts'
import { insufficientPrivileges, ownerOfCreated } from '../permissions.ts'
import {
  keepKeyCredentials,
  keepPasswordCredentials,
  keyCredentials,
  passwordCredentials,
} from './credentials.ts'
import { answerEntity, itemPaths, requireChanged, requireEntity } from './entities.ts'
import { references, referredTo } from './references.ts'

const ELSEWHERE = [
  ...['accountEnabled', 'appId', 'displayName', 'servicePrincipalType'],
  ...['keyCredentials', 'passwordCredentials', 'owners@odata.bind'],
]
const LONGEST_NAME_CHARS = 256

const changes = z.strictObject({
  id: z.guid().optional(),
  ...writable(servicePrincipals.properties),
  accountEnabled: z.boolean().optional(),
  displayName: z.string().min(1).max(LONGEST_NAME_CHARS).optional(),
  keyCredentials: keyCredentials.optional(),
  passwordCredentials: passwordCredentials.optional(),
})
const creation = changes.omit({ id: true }).extend({
  appId: z.guid(),
  // Clients say what it is going to be in any case.
  servicePrincipalType: z
    .string()
    .regex(/^application$/i)
    .optional(),
  'owners@odata.bind': references.optional(),
})
type Changes = z.infer<typeof changes>

export function servicePrincipalRoutes(): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: '/servicePrincipals',
      permission: 'Application.ReadWrite.OwnedBy',
      body: creation,
      async answer(call, asked) {
        const scope = '/servicePrincipals'
        const action = 'microsoft.directory/servicePrincipals/create'
        const owner = await ownerOfCreated(call, 'Application.ReadWrite.All')
        const id = await changing(call, { action, scope }, (tx) => create(tx, asked.body, owner))
        const shown = await requireEntity(call, servicePrincipals, { id })
        return answerEntity(call, servicePrincipals, asked, shown, { status: 201 })
      },
    }),
    ...itemPaths(servicePrincipals).map((path) =>
      graphRoute({
        method: 'PATCH',
        path,
        permission: 'Application.ReadWrite.All',
        body: changes,
        async answer(call, { params, body }) {
          const scope = `/servicePrincipals/${params.id ?? params.key}`
          const action = 'microsoft.directory/servicePrincipals/allProperties/update'
          await changing(call, { action, scope }, async (tx) => {
            await change(
              tx,
              (await requireChanged(tx, servicePrincipals, { params, body })).id,
              body,
            )
          })
          return NO_CONTENT
        },
      }),
    ),
  ]
}

/** Whoever may not make one for every application may for its own, and owns it. */
async function create(
  tx: Transaction,
  body: z.infer<typeof creation>,
  owner: ObjectId | undefined,
): Promise<ObjectId> {
  const clientId = asId<ClientId>(body.appId)
  const application = clientId && (await findApplicationByClientId(tx, clientId))
  if (!application) {
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      `The appId '${body.appId}' of the service principal does not reference a valid application object.`,
    )
  }
  if (owner && !(await isOwner(tx, { of: application.objectId, who: owner }))) {
    throw insufficientPrivileges()
  }
  if (await findServicePrincipalByClientId(tx, application.clientId)) {
    throw new Failure(
      'conflict',
      'Request_MultipleObjectsWithSameKeyValue',
      `The service principal cannot be created, updated, or restored because the service principal name ${body.appId} is already in use.`,
    )
  }
  const { objectId } = await createServicePrincipal(tx, {
    type: 'Application',
    displayName: application.displayName,
    clientId: application.clientId,
  })
  await change(tx, objectId, { ...body, displayName: undefined })
  if (owner) await addOwner(tx, { objectId, ownerId: owner })
  for (const url of body['owners@odata.bind'] ?? []) {
    await addOwner(tx, { objectId, ownerId: await referredTo(tx, url) })
  }
  return objectId
}

async function change(tx: Transaction, objectId: ObjectId, body: Changes): Promise<void> {
  await changeable(tx, objectId)
  const { displayName, accountEnabled } = body
  if (displayName !== undefined) await renameServicePrincipal(tx, { objectId, displayName })
  if (accountEnabled !== undefined) {
    await setAccountEnabled(tx, { objectId, enabled: accountEnabled })
  }
  if (body.keyCredentials) await keepKeyCredentials(tx, objectId, body.keyCredentials)
  if (body.passwordCredentials) {
    await keepPasswordCredentials(tx, objectId, body.passwordCredentials)
  }
  const before = await profileOf(tx, objectId)
  await changeProfile(tx, { objectId, changes: profileChanges(body, before, ELSEWHERE) })
}
