/** Registering applications and changing them. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { asId, type ObjectId } from '../../../base/ids.ts'
import {
  findApplication,
  registerApplication,
  renameApplication,
} from '../../../core/directory/applications.ts'
import { addOwner } from '../../../core/directory/owners.ts'
import { changeProfile, everyProfile, profileOf } from '../../../core/directory/profiles.ts'
import {
  findServicePrincipalByClientId,
  renameServicePrincipal,
} from '../../../core/directory/service-principals.ts'
import { firstPartyName } from '../../../core/tokens/audiences.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Route } from '../../../http/route.ts'
import { applications } from '../entities/applications.ts'
import { profileChanges, writable } from '../entities/entity.ts'
import { changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { ownerOfCreated } from '../permissions.ts'
import {
  keepKeyCredentials,
  keepPasswordCredentials,
  keyCredentials,
  passwordCredentials,
} from './credentials.ts'
import { answerEntity, itemPaths, requireChanged, requireEntity } from './entities.ts'
import { references, referredTo } from './references.ts'

/** What has a home of its own and not in the profile. */
const ELSEWHERE = ['displayName', 'keyCredentials', 'passwordCredentials', 'owners@odata.bind']
const LONGEST_NAME_CHARS = 256
const LONGEST_URI_CHARS = 256
const MOST_URIS = 50

const displayName = z.string().min(1).max(LONGEST_NAME_CHARS)
const changes = z.strictObject({
  id: z.guid().optional(),
  ...writable(applications.properties),
  displayName: displayName.optional(),
  identifierUris: z.array(z.string().max(LONGEST_URI_CHARS)).max(MOST_URIS).optional(),
  keyCredentials: keyCredentials.optional(),
  passwordCredentials: passwordCredentials.optional(),
})
const creation = changes
  .omit({ id: true })
  .extend({ displayName, 'owners@odata.bind': references.optional() })
type Changes = z.infer<typeof changes>

export function applicationRoutes(): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: '/applications',
      permission: 'Application.ReadWrite.OwnedBy',
      body: creation,
      async answer(call, asked) {
        const { body } = asked
        const scope = '/applications'
        const action = 'microsoft.directory/applications/create'
        const owner = await ownerOfCreated(call, 'Application.ReadWrite.All')
        const objectId = await changing(call, { action, scope }, async (tx) => {
          const { objectId } = await registerApplication(tx, { displayName: body.displayName })
          await change(tx, objectId, body)
          if (owner) await addOwner(tx, { objectId, ownerId: owner })
          for (const url of body['owners@odata.bind'] ?? []) {
            await addOwner(tx, { objectId, ownerId: await referredTo(tx, url) })
          }
          return objectId
        })
        const shown = await requireEntity(call, applications, { id: objectId })
        return answerEntity(call, applications, asked, shown, { status: 201 })
      },
    }),
    ...itemPaths(applications).map((path) =>
      graphRoute({
        method: 'PATCH',
        path,
        permission: 'Application.ReadWrite.All',
        body: changes,
        async answer(call, { params, body }) {
          const scope = `/applications/${params.id ?? params.key}`
          const action = 'microsoft.directory/applications/allProperties/update'
          await changing(call, { action, scope }, async (tx) => {
            await change(tx, (await requireChanged(tx, applications, { params, body })).id, body)
          })
          return NO_CONTENT
        },
      }),
    ),
  ]
}

async function change(tx: Transaction, objectId: ObjectId, body: Changes): Promise<void> {
  if (body.displayName !== undefined) await rename(tx, objectId, body.displayName)
  if (body.keyCredentials) await keepKeyCredentials(tx, objectId, body.keyCredentials)
  if (body.passwordCredentials) {
    await keepPasswordCredentials(tx, objectId, body.passwordCredentials)
  }
  await refuseForeignUris(tx, objectId, body.identifierUris)
  await refuseTakenUris(tx, objectId, body.identifierUris)
  const before = await profileOf(tx, objectId)
  await changeProfile(tx, { objectId, changes: profileChanges(body, before, ELSEWHERE) })
}

/** The service principal in the application's own tenant is named as it is. */
async function rename(tx: Transaction, objectId: ObjectId, displayName: string): Promise<void> {
  await renameApplication(tx, { objectId, displayName })
  const application = await findApplication(tx, objectId)
  const principal = application && (await findServicePrincipalByClientId(tx, application.clientId))
  if (principal) await renameServicePrincipal(tx, { objectId: principal.objectId, displayName })
}

/**
 * Tokens name their audience by such a URI: an application that had the name of one of Microsoft's
 * resources, or of another application, would be taken for it.
 * @throws Failure invalid `HostNameNotOnVerifiedDomain`
 */
async function refuseForeignUris(
  tx: Transaction,
  objectId: ObjectId,
  asked: readonly string[] = [],
): Promise<void> {
  const own = [(await findApplication(tx, objectId))?.clientId, tx.tenantId]
  for (const uri of asked) {
    const [, named = ''] = /^(?:api:\/\/)?([^/]*)/i.exec(uri) ?? []
    const id = asId(named)
    const isForeign = id !== undefined && !own.some((one) => one === id)
    if (!isForeign && firstPartyName(tx.names, uri.toLowerCase()) === undefined) continue
    throw new Failure(
      'invalid',
      'HostNameNotOnVerifiedDomain',
      `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
    )
  }
}

/** With or without a slash at the end, in any case, a name is the same. */
function uriKey(uri: string): string {
  return uri.toLowerCase().replace(/\/$/, '')
}

/** An identifier URI names one application of the tenant; deleted ones do not count. */
export async function refuseTakenUris(
  tx: Transaction,
  objectId: ObjectId,
  asked: readonly string[] = [],
): Promise<void> {
  if (asked.length === 0) return
  const wanted = new Set(asked.map(uriKey))
  for (const [other, { identifierUris }] of await everyProfile(tx)) {
    if (other === objectId || !Array.isArray(identifierUris)) continue
    if (!identifierUris.some((uri) => wanted.has(uriKey(String(uri))))) continue
    if (!(await findApplication(tx, other))) continue
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      'Another object with the same value for property identifierUris already exists.',
    )
  }
}
