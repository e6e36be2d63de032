/**
 * The doors: every plane mounted and reachable, by host name over TLS and by socket for machines.
 */
import type { SecureContextOptions } from 'node:tls'
import type { Names } from '../base/names.ts'
import { type Front, machineBehind, openFront } from '../http/listen.ts'
import { type Mounted, mount, type Surroundings } from '../http/mount.ts'
import { armPlane } from '../planes/arm/arm.ts'
import { entraPlane } from '../planes/entra/entra.ts'
import { imdsPlane } from '../planes/imds/imds.ts'
import type { PostForm } from '../planes/imds/token-client.ts'
import { vaultPlane } from '../planes/vault/vault.ts'
import { authorizationProvider } from '../providers/authorization/authorization.ts'
import { computeProvider } from '../providers/compute/compute.ts'
import { keyVaultProvider } from '../providers/keyvault/keyvault.ts'
import { managedIdentityProvider } from '../providers/managed-identity/managed-identity.ts'
import { resourcesProvider } from '../providers/resources/resources.ts'

/** What Resource Manager manages: one line for each namespace. */
const PROVIDERS = [
  resourcesProvider,
  managedIdentityProvider,
  authorizationProvider,
  computeProvider,
  keyVaultProvider,
]

export interface Doors {
  readonly front: Front
  close(): Promise<void>
}

export async function openDoors(
  certificate: SecureContextOptions,
  surroundings: Omit<Surroundings, 'machineBehind'>,
  post: PostForm,
): Promise<Doors> {
  const around = { ...surroundings, machineBehind }
  const [login, management, vault, metadata] = await Promise.all([
    mount(entraPlane, around),
    mount(armPlane(PROVIDERS), around),
    mount(vaultPlane, around),
    mount(imdsPlane(post), around),
  ])
  const front = openFront(certificate, {
    services: { login: login.handle, management: management.handle, vault: vault.handle },
    metadata: metadata.handle,
    readHost: surroundings.readHost,
  })
  const mounted: Mounted[] = [login, management, vault, metadata]
  return {
    front,
    async close() {
      await front.close()
      await Promise.all(mounted.map((plane) => plane.close()))
    },
  }
}

/** Origins for clients on the host; `{name}` stands for an account. */
export function endpointsOf(names: Names): Readonly<Record<string, string>> {
  return {
    management: names.origin('management'),
    login: names.origin('login'),
    vault: names.accountOrigin('vault', '{name}'),
  }
}
