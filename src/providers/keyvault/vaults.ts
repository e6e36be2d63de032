/**
 * A vault: its settings as a resource. Deleting it only hides it: name and contents are kept until
 * they are recovered, purged, or the retention ends.
 */
import { randomUUID } from 'node:crypto'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { authorize } from '../../core/rbac/check.ts'
import { resourcesNamed } from '../../core/resources/lists.ts'
import { putResource } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import { type Asked, storedType } from '../provider.ts'
import { FIRST_VERSION_WITH_RBAC_BY_DEFAULT, KEY_VAULT_API_VERSIONS } from './api-versions.ts'
import { type DeletedVault, deletedVaultOf, findDeletedVault, takeBack } from './deleted-vaults.ts'
import { privateEndpointConnections } from './private-endpoints.ts'
import { templateSecret } from './template-secrets.ts'
import { checkServiceEndpoints, subnetsJoined } from './vault-network.ts'
import {
  type KeptProperties,
  keptProperties,
  type VaultProperties,
  vaultProperties,
} from './vault-properties.ts'
import { contentsOf, VAULT_TYPE } from './vault-settings.ts'

/** 3 to 24 characters; begins with a letter, ends with a letter or digit, no two hyphens together. */
export const VAULT_NAME = /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/

export const INVALID_VAULT_NAME =
  "The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric " +
  'characters. The name must begin with a letter, end with a letter or digit, and not contain ' +
  'consecutive hyphens. Follow this link for more information: ' +
  'https://go.microsoft.com/fwlink/?linkid=2147742'

export const vaults = storedType<VaultProperties>({
  kind: 'stored',
  name: 'Microsoft.KeyVault/vaults',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { pattern: VAULT_NAME, code: 'VaultNameNotValid', message: INVALID_VAULT_NAME },
  properties: vaultProperties,
  createdStatus: 200,
  shows: { systemData: true, tags: 'always' },
  uses({ id, properties }, before) {
    const kept = before?.properties as KeptProperties | undefined
    return subnetsJoined(id.text, properties.networkAcls, kept?.networkAcls)
  },
  async settle(tx, asked, before, query) {
    const kept = before?.properties as KeptProperties | undefined
    if (asked.properties.createMode?.toLowerCase() === 'recover') {
      if (before) throw nameTaken(asked.id.name)
      const { properties, tags, contents } = await recovered(tx, asked)
      return { properties: { ...properties }, tags, state: { contents } }
    }
    if (!before) await refuseTakenName(tx, asked.id)
    const rbacByDefault = (query['api-version'] ?? '') >= FIRST_VERSION_WITH_RBAC_BY_DEFAULT
    const next = keptProperties(tx, asked.properties, kept, rbacByDefault)
    if (next.networkAcls) await checkServiceEndpoints(tx, next.networkAcls)
    if (kept && kept.enableRbacAuthorization !== next.enableRbacAuthorization) {
      await permitModelChange(tx, asked.id)
    }
    return { properties: { ...next }, state: before?.state ?? { contents: randomUUID() } }
  },
  async moved(tx, before, vault) {
    const contents = contentsOf(before)
    if (vault.state.contents !== contents) await putResource(tx, { ...vault, state: { contents } })
  },
  templateSecret,
  async release(tx, vault) {
    await putResource(tx, deletedVaultOf(tx, vault))
  },
  async shown(call, vault) {
    const connections = await privateEndpointConnections(call, vault.id)
    return {
      ...vault.properties,
      vaultUri: vaultUri(call, vault.id.name),
      ...(connections.length > 0 && {
        privateEndpointConnections: connections.map(({ id, properties }) => ({ id, properties })),
      }),
    }
  },
})

/** `https://kv1.vault.azure.net/`, by the names the caller uses. */
export function vaultUri(call: Call, name: string): string {
  return `${call.names.accountOrigin('vault', name)}/`
}

/** Whoever moves a vault between policies and role assignments hands out access to all it holds. */
async function permitModelChange(tx: Transaction, scope: ResourceId): Promise<void> {
  const action = 'Microsoft.Authorization/roleAssignments/write'
  await authorize(tx, { action, kind: 'action', scope })
}

/** @throws Failure conflict `VaultAlreadyExists`, `ConflictError` when it is deleted but recoverable */
async function refuseTakenName(tx: Transaction, { name }: ResourceId): Promise<void> {
  if ((await resourcesNamed(tx, VAULT_TYPE, name)).length > 0) throw nameTaken(name)
  if (await findDeletedVault(tx, name)) {
    throw new Failure(
      'conflict',
      'ConflictError',
      'A vault with the same name already exists in deleted state. You need to either recover or ' +
        'purge existing key vault. Follow this link ' +
        'https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
    )
  }
}

/** The deleted vault comes back as it was, whatever else the request says. */
async function recovered(
  tx: Transaction,
  { id, location }: Asked<VaultProperties>,
): Promise<DeletedVault> {
  const deleted = await findDeletedVault(tx, id.name)
  if (deleted?.vaultId.toLowerCase() !== id.key || deleted.location !== location) {
    throw new Failure(
      'missing',
      'SoftDeletedVaultDoesNotExist',
      'A soft deleted vault with the given name does not exist in this resource group and location.',
    )
  }
  await takeBack(tx, deleted)
  return deleted
}

function nameTaken(name: string): Failure {
  return new Failure(
    'conflict',
    'VaultAlreadyExists',
    `The vault name '${name}' is already in use. Vault names are globally unique so it is possible ` +
      'that the name is already taken. If you are sure that the vault name was not taken then it ' +
      'is possible that a vault with the same name was recently deleted but not purged after being ' +
      'placed in a recoverable state. If the vault is in a recoverable state then the vault will ' +
      'need to be purged before reusing the name. For more information about VaultAlreadyExists, ' +
      'soft delete and purging a vault follow this link ' +
      'https://go.microsoft.com/fwlink/?linkid=2147740.',
  )
}
