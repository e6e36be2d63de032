/**
 * The metadata service as a client of the token service: client id and a signed assertion of the
 * identity's certificate, nothing that another client could not send. The two need not be in one
 * process: `post` is all that joins them.
 */
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { identityCertificate } from '../../core/directory/identity-certificates.ts'
import { withLowerCaseResourceGroups } from '../../core/directory/managed-identities.ts'
import { findResourceByKey } from '../../core/resources/resource.ts'
import {
  CLIENT_ASSERTION_TYPE,
  signClientAssertion,
} from '../../core/tokens/sign-client-assertion.ts'
import type { ChosenIdentity } from './choose-identity.ts'

/** Sends a form to the token service; gives the status and the parsed JSON body. */
export type PostForm = (
  call: Call,
  path: string,
  form: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number; readonly body: unknown }>

/** What the token service of version 1 answers: strings throughout. */
export interface IssuedToken {
  readonly access_token: string
  readonly expires_on: string
  readonly not_before: string
  readonly resource: string
}

/** One token for one machine: its key is the machine's resource key. */
export interface TokenAsked {
  readonly identity: ChosenIdentity
  readonly host: string
  readonly resource: string
}

/**
 * Asks for a token.
 * @throws Failure invalid `token_service_refused`, with what it said as the message, JSON;
 *   busy `unknown` when there is no answer
 */
export async function requestToken(
  call: Call,
  post: PostForm,
  { identity, host, resource }: TokenAsked,
): Promise<IssuedToken> {
  const form = {
    grant_type: 'client_credentials',
    client_id: identity.clientId,
    client_assertion_type: CLIENT_ASSERTION_TYPE,
    client_assertion: await assertion(call, identity, host),
    resource,
  }
  const { status, body } = await post(call, `/${call.tenantId}/oauth2/token`, form).catch(noAnswer)
  if (status === 200) return body as IssuedToken
  if (status >= 500) return noAnswer(JSON.stringify(body))
  throw new Failure('invalid', 'token_service_refused', JSON.stringify(body))
}

function noAnswer(cause: unknown): never {
  throw new Failure('busy', 'unknown', 'Failed to retrieve token from the Active directory.', {
    cause,
  })
}

async function assertion(
  call: Call,
  { objectId, clientId, kind }: ChosenIdentity,
  host: string,
): Promise<string> {
  const { credential, privateKey } = await identityCertificate(call, objectId)
  return signClientAssertion({
    clientId,
    privateKey,
    certificate: credential.certificate,
    audience: `https://login.microsoftonline.com/${call.tenantId}/oauth2/token`,
    now: call.now,
    // The token of a shared identity says which machine it was handed to.
    ...(kind === 'UserAssigned' && { claims: { xms_az_rid: await hostResourceId(call, host) } }),
  })
}

async function hostResourceId(call: Call, host: string): Promise<string | undefined> {
  const resource = await findResourceByKey(call, host)
  return resource && withLowerCaseResourceGroups(resource.id.text)
}
