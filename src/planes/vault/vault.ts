/**
 * Key Vault's data plane: the door to what vaults hold, at `{vault}.vault.azure.net`.
 *
 * It reads requests and words answers as Key Vault does; the rules of secrets and keys are in
 * core/secrets, and whether a caller may is asked of role assignments or of the vault's access
 * policies (`authorize.ts`). It knows the vault resource only as the settings that the Key Vault
 * provider reads for it, and no other plane.
 */
import type { Plane } from '../../http/route.ts'
import { authorize } from './authorize.ts'
import { certificateRoutes } from './certificate-routes.ts'
import { deletedKeyRoutes } from './deleted-key-routes.ts'
import { deletedSecretRoutes } from './deleted-secret-routes.ts'
import { keyBackupRoutes } from './key-backup-routes.ts'
import { keyOperationRoutes } from './key-operation-routes.ts'
import { keyRotationRoutes } from './key-rotation-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { headersOf, refuse } from './refuse.ts'
import { secretRoutes } from './secret-routes.ts'

/** The longest backup; and several times the longest value, of which JSON may escape each byte. */
const LARGEST_BODY_BYTES = 1024 * 1024

/** Key Vault's own application, which tokens may name as their audience by its id. */
const KEY_VAULT_APPLICATION_ID = 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'

export const vaultPlane: Plane = {
  name: 'vault',
  reads: 'json',
  bodyLimitBytes: LARGEST_BODY_BYTES,
  requestIdHeader: 'x-ms-client-request-id',
  routes: [
    ...secretRoutes,
    ...deletedSecretRoutes,
    ...keyRoutes,
    ...keyOperationRoutes,
    ...keyRotationRoutes,
    ...keyBackupRoutes,
    ...deletedKeyRoutes,
    ...certificateRoutes,
  ],
  audiences: ({ names }) => [
    'https://vault.azure.net',
    names.resource('vault'),
    KEY_VAULT_APPLICATION_ID,
  ],
  authorize,
  refuse,
  headers: headersOf,
}
