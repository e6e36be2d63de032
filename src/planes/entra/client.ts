/**
 * Which client asks, and its proof: a secret, an assertion signed with a registered certificate, or
 * a token of an issuer that the client trusts.
 */
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { asId, type ClientId } from '../../base/ids.ts'
import { azureHostsOf } from '../../base/names.ts'
import type { Call } from '../../core/call.ts'
import { credentialOwners } from '../../core/directory/applications.ts'
import { keyCredentialsOf } from '../../core/directory/key-credentials.ts'
import { checkPassword } from '../../core/directory/password-credentials.ts'
import {
  findServicePrincipalByClientId,
  type ServicePrincipal,
} from '../../core/directory/service-principals.ts'
import {
  type AssertionRefusal,
  claimedClient,
  verifyClientAssertion,
} from '../../core/tokens/client-assertion.ts'
import { issuerV1, issuerV2 } from '../../core/tokens/issuers.ts'
import { CLIENT_ASSERTION_TYPE } from '../../core/tokens/sign-client-assertion.ts'
import { type AadstsNumber, refusal } from './errors.ts'
import { isFederated, verifyFederatedAssertion } from './federated-assertion.ts'
import type { Grant } from './grant.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { microsoftClient, registrationOf } from './registration.ts'
import type { TokenRequest } from './token-request.ts'

/** A client that exists and is enabled. */
export interface Client {
  readonly clientId: ClientId
  readonly displayName: string
  /** Microsoft's own public clients have none. */
  readonly principal: ServicePrincipal | undefined
}

export interface AuthenticatedClient extends Client {
  /** `none`: a public client, in a user's name. A federated token counts as a certificate. */
  readonly proof: 'none' | 'secret' | 'certificate'
  /** Claims of the assertion; of managed identities the platform itself has written them. */
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Finds the client that a token request names.
 * @throws Failure invalid `AADSTS900144`, `AADSTS700016`, `AADSTS7000112`
 */
export function clientOfRequest(call: Call, request: TokenRequest): Promise<Client> {
  const named = request.clientId ?? (request.assertion && claimedClient(request.assertion.reveal()))
  return findClient(call, named)
}

/**
 * Finds a client by its id.
 * @throws Failure invalid `AADSTS900144`, `AADSTS700016`, `AADSTS7000112`
 */
export async function findClient(call: Call, named: string | undefined): Promise<Client> {
  if (named === undefined) throw refusal(900144, { name: 'client_id' })
  const clientId = asId<ClientId>(named)
  const known = clientId && microsoftClient(clientId)
  if (known) return { clientId, displayName: known.displayName, principal: undefined }
  const principal = clientId && (await findServicePrincipalByClientId(call, clientId))
  if (!principal) throw refusal(700016, { client: named, tenant: call.tenantId })
  const { displayName } = principal
  if (!principal.accountEnabled) throw refusal(7000112, { client: named, name: displayName })
  return { clientId: principal.clientId, displayName, principal }
}

/**
 * Lets the client prove itself. Where both proofs come, the stronger one counts; in a user's name
 * public clients need none.
 * @throws Failure invalid or unauthenticated, with the code that says what is wrong
 */
export async function authenticateClient(
  call: Call,
  request: TokenRequest,
  {
    client,
    inNameOf,
    keysOf,
  }: {
    readonly client: Client
    readonly inNameOf: Grant['inNameOf']
    readonly keysOf: IssuerKeys
  },
): Promise<AuthenticatedClient> {
  const { principal } = client
  if (request.assertion || request.clientSecret) {
    if (principal === undefined) throw refusal(700025)
    return { ...client, ...(await proofOf(call, request, { principal, keysOf })) }
  }
  if (inNameOf === 'application') throw refusal(7000216)
  const registration = await registrationOf(call, client.clientId)
  if (!registration?.isPublic) throw refusal(7000218)
  return { ...client, proof: 'none', claims: {} }
}

async function proofOf(
  call: Call,
  request: TokenRequest,
  { principal, keysOf }: { readonly principal: ServicePrincipal; readonly keysOf: IssuerKeys },
): Promise<Pick<AuthenticatedClient, 'proof' | 'claims'>> {
  if (request.assertion) {
    if (request.assertionType === undefined)
      throw refusal(900144, { name: 'client_assertion_type' })
    if (request.assertionType !== CLIENT_ASSERTION_TYPE) {
      throw refusal(90100, { name: 'client_assertion_type' })
    }
    const text = request.assertion.reveal()
    if (isFederated(text)) {
      await verifyFederatedAssertion(call, text, { principal, keysOf })
      // Claims of strangers say nothing about our principals.
      return { proof: 'certificate', claims: {} }
    }
    const claims = await verifyAssertion(call, text, principal)
    return { proof: 'certificate', claims }
  }
  if (!request.clientSecret) throw refusal(7000216)
  const ownerIds = await credentialOwners(call, principal)
  const outcome = await checkPassword(call, { ownerIds, presented: request.clientSecret })
  if (outcome === 'expired') throw refusal(7000222, { client: principal.clientId })
  if (outcome === 'wrong') throw refusal(7000215, { client: principal.clientId })
  return { proof: 'secret', claims: {} }
}

async function verifyAssertion(call: Call, text: string, principal: ServicePrincipal) {
  const owners = await credentialOwners(call, principal)
  const credentials = await Promise.all(owners.map((owner) => keyCredentialsOf(call, owner)))
  try {
    return verifyClientAssertion(call, text, {
      clientId: principal.clientId,
      certificates: credentials.flat(),
      acceptsAudience: (audience) => isThisTokenService(call, audience),
    })
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason
    throw inAadstsWords(call, reason)
  }
}

/**
 * Whether a URL names this token service: its token endpoint of either version under any of its
 * hosts, for our tenant or `common`, or one of its issuers.
 */
function isThisTokenService(call: Call, audience: string): boolean {
  if (audience === issuerV1(call.tenantId) || audience === issuerV2(call.tenantId)) return true
  if (!URL.canParse(audience)) return false
  const url = new URL(audience)
  const local = new URL(call.names.origin('login'))
  const isOurHost =
    url.protocol === 'https:' &&
    (azureHostsOf('login').includes(url.host) || url.host === local.host)
  const tenant = `(?:${call.tenantId}|common|organizations)`
  return isOurHost && new RegExp(`^/+${tenant}/oauth2(?:/v2\\.0)?/token/?$`, 'i').test(url.pathname)
}

/** One row per way an assertion fails. */
const REFUSALS: Readonly<Record<AssertionRefusal, { number: AadstsNumber; reason?: string }>> = {
  AssertionMalformed: { number: 50027 },
  AssertionAlgorithm: { number: 50027 },
  AssertionNamesNoCertificate: { number: 50027 },
  AssertionClient: { number: 700021 },
  AssertionAudience: { number: 700023 },
  AssertionTime: { number: 700024 },
  AssertionCertificateUnknown: { number: 700027, reason: 'The key was not found.' },
  AssertionCertificateExpired: { number: 700027, reason: 'The key used is expired.' },
  AssertionSignature: {
    number: 700027,
    reason: 'The provided signature value did not match the expected signature value.',
  },
}

function inAadstsWords(call: Call, failure: Failure): Failure {
  const { number, reason = '' } = REFUSALS[failure.code as AssertionRefusal]
  const values = { reason, thumbprint: failure.target ?? '', now: isoSevenDigits(call.now) }
  return refusal(number, values)
}
