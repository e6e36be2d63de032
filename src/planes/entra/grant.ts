/**
 * A grant: one way of asking for a token. The endpoint owns the steps that all of them share; a
 * grant decides whom the token is about and what it is for. A new one is a file, and a line in
 * `grants.ts`.
 */
import type { Instant } from '../../base/clock.ts'
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import type { TokenAudience, TokenSubject } from '../../core/tokens/issue.ts'
import type { UserSubject } from '../../core/tokens/user-claims.ts'
import type { AuthenticatedClient } from './client.ts'
import type { TokenRequest } from './token-request.ts'

export type Granted =
  | {
      readonly kind: 'application'
      readonly subject: TokenSubject
      readonly audience: TokenAudience
    }
  | GrantedToUser

export interface GrantedToUser {
  readonly kind: 'user'
  readonly subject: UserSubject
  readonly audience: TokenAudience
  /** What the client is told it may do. */
  readonly scope: string
  readonly refreshToken: Secret<string> | undefined
  /** Undefined where none was asked for. */
  readonly idToken:
    | {
        readonly nonce: string | undefined
        readonly authenticatedAt: Instant
        readonly roles: readonly string[]
      }
    | undefined
}

export interface Grant {
  /** As `grant_type` has it. */
  readonly types: readonly string[]
  /**
   * `application`: the client asks in its own name, proves itself and names its tenant. `user`: it
   * asks in a user's name; public clients need no proof, and the user's tenant is ours anyway.
   */
  readonly inNameOf: 'application' | 'user'
  /** Decides, for a client that has proved itself. @throws Failure with an AADSTS code */
  authorize(call: Call, request: TokenRequest, client: AuthenticatedClient): Promise<Granted>
}
