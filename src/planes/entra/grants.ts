/** The grants that the token endpoint knows. */
import { clientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'

export const GRANTS: readonly Grant[] = [clientCredentials]
