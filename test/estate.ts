/**
 * What the labs are about, made by the owner through the public APIs: resource groups, virtual
 * machines, identities, vaults and what is in them, and grants.
 */
import { randomUUID } from 'node:crypto'
import type { Locum } from './locum.ts'
import { type Body, good } from './owner.ts'

const LOCATION = 'westeurope'

/** The api-version asked of each type. */
export const VERSIONS = {
  group: '2021-04-01',
  machine: '2024-07-01',
  identity: '2023-01-31',
  vault: '2023-07-01',
  role: '2022-04-01',
  assignment: '2022-04-01',
  secrets: '7.4',
} as const

/** An identity, or a machine's own: what grants and tokens speak of. */
export interface Principal {
  readonly principalId: string
  readonly clientId: string
  /** The resource id of the user-assigned identity, or of the machine. */
  readonly id: string
}

export interface Machine {
  readonly id: string
  readonly name: string
  /** Its system-assigned identity; undefined when it has none. */
  readonly own: Principal | undefined
}

export interface Vault {
  readonly id: string
  readonly name: string
}

export interface MachineAsked {
  readonly system?: boolean
  readonly user?: readonly Principal[]
}

export interface AccessPolicy {
  readonly objectId: string
  readonly permissions: { readonly keys?: readonly string[]; readonly secrets?: readonly string[] }
}

export interface Estate {
  /** The group's resource id. */
  readonly group: string
  machine(name: string, asked?: MachineAsked): Promise<Machine>
  identity(name: string): Promise<Principal>
  /** By role assignments, unless access policies are given; the owner may do all in it. */
  vault(name: string, policies?: readonly AccessPolicy[]): Promise<Vault>
  key(vault: Vault, name: string, body?: object): Promise<void>
  secret(vault: Vault, name: string, value: string): Promise<void>
}

/** Makes a resource group and what tests put into it. */
export async function makeGroup({ owner, status }: Locum, name: string): Promise<Estate> {
  const group = `/subscriptions/${status.subscriptionId}/resourceGroups/${name}`
  await owner.done('PUT', at(group, VERSIONS.group), { location: LOCATION })
  const inGroup = (type: string, name: string) => `${group}/providers/${type}/${name}`
  const put = async (path: string, body: object): Promise<Body> => {
    await owner.done('PUT', path, { location: LOCATION, ...body })
    return (await owner.done('GET', path)).body
  }
  return {
    group,
    async machine(name, { system = true, user = [] } = {}) {
      const id = inGroup('Microsoft.Compute/virtualMachines', name)
      const body = await put(at(id, VERSIONS.machine), { identity: envelope(system, user) })
      if (!system) return { id, name, own: undefined }
      const extension = `${id}/providers/Microsoft.ManagedIdentity/identities/default`
      const own = (await owner.done('GET', at(extension, VERSIONS.identity))).body.properties
      const { principalId } = body.identity
      return { id, name, own: { id, principalId, clientId: own.clientId } }
    },
    async identity(name) {
      const id = inGroup('Microsoft.ManagedIdentity/userAssignedIdentities', name)
      const { properties } = await put(at(id, VERSIONS.identity), {})
      return { id, principalId: properties.principalId, clientId: properties.clientId }
    },
    async vault(name, policies) {
      const id = inGroup('Microsoft.KeyVault/vaults', name)
      const { tenantId } = status
      await put(at(id, VERSIONS.vault), {
        properties: {
          tenantId,
          sku: { family: 'A', name: 'standard' },
          ...(policies === undefined
            ? { enableRbacAuthorization: true }
            : { accessPolicies: [everything(status.owner.objectId), ...policies].map(inTenant) }),
        },
      })
      if (policies === undefined) {
        await grant({ owner, status }, 'Key Vault Administrator', status.owner.objectId, id)
      }
      return { id, name }

      function inTenant(policy: AccessPolicy): object {
        return { tenantId, ...policy }
      }
    },
    async key(vault, name, body = { kty: 'RSA', key_size: 2048 }) {
      const path = at(`/keys/${name}/create`, VERSIONS.secrets)
      good(await owner.vault(vault.name, 'POST', path, body), `create key ${name}`)
    },
    async secret(vault, name, value) {
      const path = at(`/secrets/${name}`, VERSIONS.secrets)
      good(await owner.vault(vault.name, 'PUT', path, { value }), `set secret ${name}`)
    },
  }
}

/** Assigns a built-in role, named as people name it; gives the assignment's resource id. */
export async function grant(
  { owner, status }: Pick<Locum, 'owner' | 'status'>,
  role: string,
  principalId: string,
  scope: string,
): Promise<string> {
  const definitions = `/subscriptions/${status.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions`
  const named = encodeURIComponent(`roleName eq '${role}'`)
  const found = await owner.done('GET', `${at(definitions, VERSIONS.role)}&$filter=${named}`)
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`
  await owner.done('PUT', at(id, VERSIONS.assignment), {
    properties: {
      roleDefinitionId: found.body.value[0].id,
      principalId,
      principalType: 'ServicePrincipal',
    },
  })
  return id
}

/** A path with its api-version. */
export function at(path: string, apiVersion: string): string {
  return `${path}?api-version=${apiVersion}`
}

function envelope(system: boolean, user: readonly Principal[]): object {
  const types = [system && 'SystemAssigned', user.length > 0 && 'UserAssigned'].filter(Boolean)
  return {
    type: types.join(', ') || 'None',
    ...(user.length > 0 && {
      userAssignedIdentities: Object.fromEntries(user.map(({ id }) => [id, {}])),
    }),
  }
}

function everything(objectId: string): AccessPolicy {
  return { objectId, permissions: { keys: ['all'], secrets: ['all'] } }
}
