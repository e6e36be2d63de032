/**
 * `{identity}/federatedIdentityCredentials/{name}`: whose tokens a user-assigned identity takes in
 * place of a credential. The directory keeps them with the identity's principal, and forgets them
 * with it.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import {
  addFederatedCredential,
  changeFederatedCredential,
  type FederatedCredential,
  federatedCredentialsOf,
  removeFederatedCredential,
} from '../../core/directory/federated-credentials.ts'
import { findManagedIdentity, type ManagedIdentity } from '../../core/identity/managed-identity.ts'
import type { DerivedType } from '../provider.ts'
import { MANAGED_IDENTITY_API_VERSIONS } from './api-versions.ts'

const TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials'
/** Azure's published limits. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/
const LONGEST_TEXT_CHARS = 600

const said = z.string().min(1).max(LONGEST_TEXT_CHARS)
const properties = z.object({
  issuer: said.refine((issuer) => URL.canParse(issuer), 'The issuer must be a URL'),
  subject: said,
  audiences: z.array(said),
  // Patterns in place of a subject: a preview that is not here, and must not be dropped silently.
  claimsMatchingExpression: z
    .null('claimsMatchingExpression is not supported: name a subject')
    .optional(),
})
/** Clients send back what they read, its id, name and type with it. */
const envelope = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  properties: z.looseObject({}).nullish(),
})

export const federatedIdentityCredentials: DerivedType = {
  kind: 'derived',
  name: TYPE,
  apiVersions: MANAGED_IDENTITY_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const found = await findCredential(call, await requireIdentity(call, id.parent), id)
    if (found) return { status: 200, body: shown(id.parent, found) }
    throw new Failure(
      'missing',
      'NotFound',
      `The Federated Identity Credential '${id.name}' could not be found.`,
    )
  },
  async list(call, scope) {
    const { objectId } = await requireIdentity(call, scope)
    const value = (await federatedCredentialsOf(call, objectId)).map((one) => shown(scope, one))
    return { status: 200, body: { value } }
  },
  async put(tx, id, body) {
    const identity = await requireIdentity(tx, id.parent)
    if (!NAME.test(id.name)) {
      throw invalid(`Federated Identity Credential name '${id.name}' is invalid.`)
    }
    const asked = readProperties(body)
    const before = await findCredential(tx, identity, id)
    try {
      if (before) await changeFederatedCredential(tx, { credential: before, changes: asked })
      const credential = before
        ? { ...before, ...asked }
        : await addFederatedCredential(tx, {
            ...asked,
            ownerId: identity.objectId,
            name: id.name,
            description: undefined,
          })
      return { status: before ? 200 : 201, body: shown(id.parent, credential) }
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason
      throw inArmWords(reason)
    }
  },
  async remove(tx, id) {
    const found = await findCredential(tx, await requireIdentity(tx, id.parent), id)
    if (found) await removeFederatedCredential(tx, found.id)
    return { status: found ? 200 : 204 }
  },
}

/** @throws Failure missing `NotFound` */
async function requireIdentity(call: Call, id: ResourceId | undefined): Promise<ManagedIdentity> {
  const identity = id && (await findManagedIdentity(call, id.key))
  if (identity?.kind === 'UserAssigned') return identity
  throw new Failure('missing', 'NotFound', "The parent user-assigned identity doesn't exist.")
}

/** Names of resources have no case. */
async function findCredential(
  call: Call,
  { objectId }: ManagedIdentity,
  { name }: ResourceId,
): Promise<FederatedCredential | undefined> {
  const all = await federatedCredentialsOf(call, objectId)
  return all.find((one) => one.name.toLowerCase() === name.toLowerCase())
}

/** @throws Failure invalid `BadRequest` */
function readProperties(
  body: unknown,
): Pick<FederatedCredential, 'issuer' | 'subject' | 'audiences'> {
  const given = envelope.safeParse(body ?? {})
  if (!given.success) throw invalid(given.error.issues[0]?.message ?? '')
  if (Object.keys(given.data.properties ?? {}).length === 0) {
    throw invalid('Federated Identity Credential from HTTP body has empty properties')
  }
  const read = properties.safeParse(given.data.properties)
  if (!read.success) {
    const [issue] = read.error.issues
    throw invalid(`${issue?.message}. Path 'properties.${issue?.path.join('.')}'.`)
  }
  const { issuer, subject, audiences } = read.data
  if (audiences.length !== 1) {
    throw invalid('Federated identity credentials must have exactly one audience.')
  }
  return { issuer, subject, audiences }
}

/** What the directory refuses, as the resource provider says it. */
function inArmWords(failure: Failure): Failure {
  return failure.code === 'FederatedSubjectTaken'
    ? invalid('Issuer and subject combination already exists for this Managed Identity.')
    : invalid(failure.message)
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'BadRequest', message)
}

function shown(
  identity: ResourceId | undefined,
  { name, issuer, subject, audiences }: FederatedCredential,
) {
  return {
    id: `${identity?.text}/federatedIdentityCredentials/${name}`,
    name,
    type: TYPE,
    properties: { issuer, subject, audiences },
  }
}
