/** The end of every grant in a user's name: whose token it is, and what comes beside it. */
import type { Call } from '../../core/call.ts'
import type { User } from '../../core/directory/users.ts'
import { issueRefreshToken } from '../../core/signin/refresh-tokens.ts'
import { beginSignIn, confide, type SignIn } from '../../core/signin/sign-in.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { AuthenticatedClient } from './client.ts'
import type { GrantedToUser } from './grant.ts'
import type { SignInScopes } from './scopes.ts'
import type { TokenRequest } from './token-request.ts'

export function grantedToUser(
  call: Call,
  facts: {
    readonly user: User
    readonly client: AuthenticatedClient
    readonly scopes: SignInScopes
    readonly refreshToken: GrantedToUser['refreshToken']
    readonly nonce?: string | undefined
    readonly signIn?: SignIn
  },
): GrantedToUser {
  const { user, client, scopes, nonce } = facts
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
    },
    audience: scopes.audience,
    scope: scopes.told,
    refreshToken: facts.refreshToken,
    idToken: scopes.wantsIdToken
      ? { nonce, authenticatedAt: facts.signIn?.authenticatedAt ?? call.now }
      : undefined,
  }
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
