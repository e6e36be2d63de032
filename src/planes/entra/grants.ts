/** The grants that the token endpoint knows. */
import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import { deviceCode } from './device-code.ts'
import type { Grant } from './grant.ts'
import { onBehalfOf } from './on-behalf-of.ts'
import { password } from './password.ts'
import { refreshToken } from './refresh-token.ts'

export const GRANTS: readonly Grant[] = [
  clientCredentials,
  authorizationCode,
  deviceCode,
  refreshToken,
  password,
  onBehalfOf,
]
