/** What tokens say of a user, by Microsoft's access token and id token references. */
import { createHash } from 'node:crypto'
import type { ClientId, ObjectId } from '../../base/ids.ts'

/** A user in whose name a client acts. */
export interface UserSubject {
  readonly kind: 'User'
  readonly objectId: ObjectId
  /** The client that acts. */
  readonly clientId: ClientId
  /** How the client proved itself; public clients cannot. */
  readonly proof: 'none' | 'secret' | 'certificate'
  readonly userPrincipalName: string
  readonly displayName: string
  /** What the client may do in the user's name: names separated by blanks. */
  readonly scopes: string
  /** App roles of the audience that the user was assigned; none leaves the claim out. */
  readonly roles?: readonly string[] | undefined
}

/** Claims of an access token that are the user's. */
export function userClaims(user: UserSubject, version: '1.0' | '2.0'): object {
  const { displayName, scopes, userPrincipalName, roles = [] } = user
  return {
    acr: '1',
    amr: ['pwd'],
    idtyp: 'user',
    name: displayName,
    ...(roles.length > 0 && { roles }),
    scp: scopes,
    sub: pairwiseSubject(user),
    ...(version === '1.0'
      ? { unique_name: userPrincipalName, upn: userPrincipalName }
      : { preferred_username: userPrincipalName }),
  }
}

/** `sub` of a user's tokens: another one for each client, so that clients cannot compare notes. */
export function pairwiseSubject({
  objectId,
  clientId,
}: Pick<UserSubject, 'objectId' | 'clientId'>): string {
  return createHash('sha256').update(`${clientId}:${objectId}`).digest('base64url')
}
