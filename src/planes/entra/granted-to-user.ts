/** The end of every grant in a user's name: whose token it is, and what comes beside it. */
import type { ObjectId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { directGroupIds } from '../../core/directory/groups.ts'
import { appRolesHeld, isShutOut } from '../../core/directory/resource-applications.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import type { User } from '../../core/directory/users.ts'
import { issueRefreshToken } from '../../core/signin/refresh-tokens.ts'
import { beginSignIn, confide, type SignIn } from '../../core/signin/sign-in.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { AuthenticatedClient, Client } from './client.ts'
import { refusal } from './errors.ts'
import type { GrantedToUser } from './grant.ts'
import type { SignInScopes } from './scopes.ts'
import type { Target } from './target.ts'
import type { TokenRequest } from './token-request.ts'

/** @throws Failure invalid `AADSTS50105` */
export async function grantedToUser(
  call: Call,
  facts: {
    readonly user: User
    readonly client: AuthenticatedClient
    readonly scopes: SignInScopes
    readonly refreshToken: GrantedToUser['refreshToken']
    readonly nonce?: string | undefined
    readonly signIn?: SignIn
  },
): Promise<GrantedToUser> {
  const { user, client, scopes, nonce } = facts
  const holders = await requireUserAssigned(call, { user, client, target: scopes.target })
  return {
    kind: 'user',
    subject: {
      kind: 'User',
      objectId: user.objectId,
      clientId: client.clientId,
      proof: client.proof,
      userPrincipalName: user.userPrincipalName,
      displayName: user.displayName,
      scopes: scopes.granted,
      roles: await rolesIn(call, scopes.target.application, holders),
    },
    audience: scopes.target.audience,
    scope: scopes.told,
    refreshToken: facts.refreshToken,
    idToken: scopes.wantsIdToken
      ? {
          nonce,
          authenticatedAt: facts.signIn?.authenticatedAt ?? call.now,
          roles: await rolesIn(call, client.principal, holders),
        }
      : undefined,
  }
}

/**
 * Applications can be told to be open only to those who were assigned to them: the one that signs
 * the user in, and the one that the token is for. Gives who holds what was assigned to the user.
 * @throws Failure invalid `AADSTS50105`
 */
export async function requireUserAssigned(
  call: Call,
  {
    user,
    client,
    target,
  }: { readonly user: User; readonly client: Client; readonly target: Target },
): Promise<readonly ObjectId[]> {
  const holders = [user.objectId, ...(await directGroupIds(call, user.objectId))]
  for (const resource of [client.principal, target.application]) {
    if (resource === undefined || !(await isShutOut(call, { holders, resource }))) continue
    throw refusal(50105, {
      name: resource.displayName,
      client: resource.clientId,
      user: user.userPrincipalName,
    })
  }
  return holders
}

async function rolesIn(
  call: Call,
  resource: ServicePrincipal | undefined,
  holders: readonly ObjectId[],
): Promise<readonly string[]> {
  return resource ? appRolesHeld(call, { holders, resource }) : []
}

/** A refresh token for a sign-in that the client has just taken up, where it is to have one. */
export async function firstRefreshToken(
  tx: Transaction,
  { client, signIn, wanted }: { client: AuthenticatedClient; signIn: SignIn; wanted: boolean },
): Promise<GrantedToUser['refreshToken']> {
  if (!wanted) return undefined
  if (client.proof !== 'none') await confide(tx, signIn.id)
  return issueRefreshToken(tx, signIn)
}

/** The same, where the user has signed in at the token endpoint itself. */
export async function refreshTokenFor(
  tx: Transaction,
  { client, user, wanted }: { client: AuthenticatedClient; user: User; wanted: boolean },
): Promise<GrantedToUser['refreshToken']> {
  if (!wanted) return undefined
  const { clientId } = client
  const signIn = await beginSignIn(tx, { userId: user.objectId, clientId })
  return firstRefreshToken(tx, { client, signIn, wanted })
}

/** Whether a refresh token goes out: version 1 always gives one. */
export function wantsRefreshToken({ version }: TokenRequest, scopes: SignInScopes): boolean {
  return version === 'v1' || scopes.wantsRefreshToken
}
