/** Federated identity credentials of applications. */
import { z } from 'zod'
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import {
  addFederatedCredential,
  changeFederatedCredential,
  type FederatedCredential,
  federatedCredentialsOf,
  findFederatedCredential,
  removeFederatedCredential,
} from '../../../core/directory/federated-credentials.ts'
import type { Route } from '../../../http/route.ts'
import { applications } from '../entities/applications.ts'
import { notFound } from '../entities/objects.ts'
import { answerMany, answerOne, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { requireEntity } from './entities.ts'

/** Azure's published limits. */
const LONGEST_TEXT_CHARS = 600
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/

const said = z.string().min(1).max(LONGEST_TEXT_CHARS)
const creation = z.strictObject({
  name: z.string().regex(NAME),
  issuer: said.refine((issuer) => URL.canParse(issuer)),
  subject: said,
  audiences: z.array(said).length(1),
  description: z.string().max(LONGEST_TEXT_CHARS).nullish(),
})
const changes = creation.partial().omit({ name: true })

const SET = '/applications/:id/federatedIdentityCredentials'
const FILTERED = {
  typeName: 'federatedIdentityCredential',
  title: 'FederatedIdentityCredential',
  properties: { id: 1, name: 1, issuer: 1, subject: 1, audiences: 1, description: 1 },
}

export function federatedCredentialRoutes(): Route[] {
  return [...readingRoutes(), ...writingRoutes()]
}

function readingRoutes(): Route[] {
  const permission = 'Application.Read.All'
  return [
    graphRoute({
      method: 'GET',
      path: SET,
      permission,
      async answer(call, asked) {
        const { id } = await requireEntity(call, applications, asked.params)
        const all = await federatedCredentialsOf(call, id)
        return answerMany(call, asked, all.map(shown), {
          context: `applications('${id}')/federatedIdentityCredentials`,
          filtered: FILTERED,
        })
      },
    }),
    graphRoute({
      method: 'GET',
      path: `${SET}/:credential`,
      permission,
      async answer(call, asked) {
        const credential = await requireCredential(call, asked.params)
        return answerOne(call, asked, shown(credential), { context: contextOf(credential.ownerId) })
      },
    }),
  ]
}

function writingRoutes(): Route[] {
  const permission = 'Application.ReadWrite.All'
  const action = 'microsoft.directory/applications/credentials/update'
  const what = ({ id }: Readonly<Record<string, string>>) => ({
    action,
    scope: `/applications/${id}`,
  })
  return [
    graphRoute({
      method: 'POST',
      path: SET,
      permission,
      body: creation,
      async answer(call, asked) {
        const { description, ...said } = asked.body
        const credential = await changing(call, what(asked.params), async (tx) => {
          const { id: ownerId } = await requireEntity(tx, applications, asked.params)
          const credential = { ...said, ownerId, description: description ?? undefined }
          return addFederatedCredential(tx, credential)
        })
        const context = contextOf(credential.ownerId)
        return answerOne(call, asked, shown(credential), { context, status: 201 })
      },
    }),
    graphRoute({
      method: 'PATCH',
      path: `${SET}/:credential`,
      permission,
      body: changes,
      async answer(call, { params, body }) {
        const changes = Object.fromEntries(
          Object.entries(body).filter(([, value]) => value !== undefined && value !== null),
        )
        await changing(call, what(params), async (tx) => {
          const credential = await requireCredential(tx, params)
          await changeFederatedCredential(tx, { credential, changes })
        })
        return NO_CONTENT
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${SET}/:credential`,
      permission,
      async answer(call, { params }) {
        await changing(call, what(params), async (tx) => {
          await removeFederatedCredential(tx, (await requireCredential(tx, params)).id)
        })
        return NO_CONTENT
      },
    }),
  ]
}

/** By its id or its name. @throws Failure missing `Request_ResourceNotFound` */
async function requireCredential(
  call: Call,
  params: Readonly<Record<string, string>>,
): Promise<FederatedCredential> {
  const { id: ownerId } = await requireEntity(call, applications, params)
  const key = params.credential ?? ''
  const found = await findFederatedCredential(call, { ownerId, key })
  if (found) return found
  throw notFound(key)
}

function contextOf(ownerId: ObjectId): string {
  return `applications('${ownerId}')/federatedIdentityCredentials/$entity`
}

function shown({ ownerId: _owner, ...credential }: FederatedCredential) {
  return { ...credential, description: credential.description ?? null }
}
