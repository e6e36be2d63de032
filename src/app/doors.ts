/**
 * The doors: every plane mounted and reachable, by host name over TLS and by socket for machines.
 */
import type { SecureContextOptions } from 'node:tls'
import type { Names, Service } from '../base/names.ts'
import { type Front, machineBehind, openFront } from '../http/listen.ts'
import { mount, type Surroundings } from '../http/mount.ts'
import type { Plane } from '../http/route.ts'
import { armPlane } from '../planes/arm/arm.ts'
import { consentPlane } from '../planes/consent/consent.ts'
import { openEntraPlane } from '../planes/entra/entra.ts'
import type { FetchDocument } from '../planes/entra/issuer-keys.ts'
import { graphPlane } from '../planes/graph/graph.ts'
import { imagesPlane } from '../planes/images/images.ts'
import { imdsPlane } from '../planes/imds/imds.ts'
import type { PostForm } from '../planes/imds/token-client.ts'
import { vaultPlane } from '../planes/vault/vault.ts'
import { authorizationProvider } from '../providers/authorization/authorization.ts'
import { computeProvider } from '../providers/compute/compute.ts'
import { containerInstanceProvider } from '../providers/container-instance/container-instance.ts'
import { insightsProvider } from '../providers/insights/insights.ts'
import { keyVaultProvider } from '../providers/keyvault/keyvault.ts'
import { managedIdentityProvider } from '../providers/managed-identity/managed-identity.ts'
import { managementProvider } from '../providers/management/management.ts'
import { networkProvider } from '../providers/network/network.ts'
import { operationalInsightsProvider } from '../providers/operational-insights/operational-insights.ts'
import type { Provider } from '../providers/provider.ts'
import { resourcesProvider } from '../providers/resources/resources.ts'
import { storageProvider } from '../providers/storage/storage.ts'
import { webProvider } from '../providers/web/web.ts'

/** What Resource Manager manages: one line for each namespace. */
export const PROVIDERS: readonly Provider[] = [
  resourcesProvider,
  managedIdentityProvider,
  authorizationProvider,
  managementProvider,
  computeProvider,
  keyVaultProvider,
  networkProvider,
  storageProvider,
  webProvider,
  containerInstanceProvider,
  insightsProvider,
  operationalInsightsProvider,
]

/** Every plane that a network reaches: by the host names of its service, or machines' only. */
export interface Planes {
  readonly services: Readonly<Partial<Record<Service, Plane>>>
  readonly metadata: Plane
}

/** How planes reach what is outside them. */
export interface Outside {
  /** Reaches the token service. */
  readonly post: PostForm
  /** Reads the documents of foreign issuers. */
  readonly fetchDocument: FetchDocument
}

export function planesOf({ post, fetchDocument }: Outside): Planes {
  return {
    services: {
      login: openEntraPlane(fetchDocument),
      management: armPlane(PROVIDERS),
      vault: vaultPlane,
      graph: graphPlane,
      consent: consentPlane,
      images: imagesPlane,
    },
    metadata: imdsPlane(post),
  }
}

export interface Doors {
  readonly front: Front
  close(): Promise<void>
}

export async function openDoors(
  certificate: SecureContextOptions,
  surroundings: Omit<Surroundings, 'machineBehind'>,
  outside: Outside,
): Promise<Doors> {
  const around = { ...surroundings, machineBehind }
  const { services, metadata } = planesOf(outside)
  const mounted = await Promise.all(
    Object.entries(services).map(
      async ([name, plane]) => [name, await mount(plane, around)] as const,
    ),
  )
  const mountedMetadata = await mount(metadata, around)
  const handlers = Object.fromEntries(mounted.map(([name, { handle }]) => [name, handle]))
  const front = openFront(certificate, {
    services: handlers,
    metadata: mountedMetadata.handle,
    readHost: surroundings.readHost,
  })
  return {
    front,
    async close() {
      await front.close()
      await Promise.all(mounted.map(([, plane]) => plane.close()))
      await mountedMetadata.close()
    },
  }
}

/** Origins for clients on the host; `{name}` stands for an account. */
export function endpointsOf(names: Names): Readonly<Record<string, string>> {
  return {
    management: names.origin('management'),
    login: names.origin('login'),
    graph: names.origin('graph'),
    vault: names.accountOrigin('vault', '{name}'),
  }
}
