/**
 * A grant: one way of asking for a token. The endpoint owns the steps that all of them share; a
 * grant decides whom the token is about and what it is for. A new one is a file, and a line in
 * `grants.ts`.
 */
import type { Call } from '../../core/call.ts'
import type { TokenAudience, TokenSubject } from '../../core/tokens/issue.ts'
import type { AuthenticatedClient } from './client.ts'
import type { TokenRequest } from './token-request.ts'

export interface Granted {
  readonly subject: TokenSubject
  readonly audience: TokenAudience
}

export interface Grant {
  /** As `grant_type` has it. */
  readonly type: string
  /** Decides, for a client that has proved itself. @throws Failure with an AADSTS code */
  authorize(call: Call, request: TokenRequest, client: AuthenticatedClient): Promise<Granted>
}
