/**
 * For tests of the Key Vault provider: the steps of the engine that vaults see, and no more: the
 * properties read by the type's schema, the type's own verb, the row written. Nothing in the program
 * imports this.
 */
import { parseResourceId } from '../../base/resource-id.ts'
import type { Caller } from '../../core/call.ts'
import {
  findResource,
  putResource,
  type Resource,
  removeResource,
} from '../../core/resources/resource.ts'
import type { TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { StoredType } from '../provider.ts'
import { vaults } from './vaults.ts'

export const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555'
export const GROUP = `${SUBSCRIPTION}/resourceGroups/Lab`

const type = vaults as StoredType

export const vaultId = (name: string, group = GROUP) =>
  parseResourceId(`${group}/providers/Microsoft.KeyVault/vaults/${name}`)

export interface AskedVault {
  readonly name?: string
  readonly group?: string
  readonly location?: string
  readonly tags?: Record<string, string>
  readonly properties?: Record<string, unknown>
  readonly apiVersion?: string
  readonly caller?: Caller
}

/** PUT of a vault: `kv1` in West Europe with Azure's defaults unless more is said. */
export async function putVault(world: TestWorld, asked: AskedVault = {}): Promise<Resource> {
  const id = vaultId(asked.name ?? 'kv1', asked.group)
  const properties = type.properties.parse({
    tenantId: world.tenantId,
    sku: { family: 'A', name: 'standard' },
    ...asked.properties,
  })
  return transaction(world.call(asked.caller), async (tx) => {
    const before = await findResource(tx, id)
    const { location = 'westeurope', tags } = asked
    const common = { id, location, tags, kind: undefined, sku: undefined, envelope: {} }
    const query = { 'api-version': asked.apiVersion ?? '2023-07-01' }
    const settled = await type.settle(tx, { ...common, properties }, before, query)
    const resource: Resource = {
      ...common,
      type: 'microsoft.keyvault/vaults',
      tags: settled.tags ?? tags,
      properties: settled.properties,
      state: settled.state ?? before?.state ?? {},
      provisioningState: 'Succeeded',
      version: (before?.version ?? 0) + 1,
      createdAt: tx.now,
      createdBy: undefined,
      changedAt: tx.now,
      changedBy: undefined,
    }
    await putResource(tx, resource)
    return resource
  })
}

/** DELETE of a vault. */
export async function deleteVault(world: TestWorld, name = 'kv1'): Promise<void> {
  await transaction(world.call(), async (tx) => {
    const vault = await findResource(tx, vaultId(name))
    if (!vault) throw new Error(`there is no vault ${name}`)
    await type.release?.(tx, vault)
    await removeResource(tx, vault.id)
  })
}
