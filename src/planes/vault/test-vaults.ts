/**
 * For tests of the vault plane: its door, one vault that asks role assignments and one that asks
 * access policies, and principals to knock. Nothing in the program imports this.
 */
import { parseResourceId } from '../../base/resource-id.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { assignRole } from '../../core/rbac/test-assignment.ts'
import { putResource } from '../../core/resources/resource.ts'
import type { AccessPolicy } from '../../core/secrets/access-policies.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Method } from '../../http/route.ts'
import { type Answered, makePrincipal, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { vaultPlane } from './vault.ts'

export const GROUP = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Lab'
export const ROLE_VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-roles`
export const POLICY_VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-policies`

export const ADMINISTRATOR = '00482a5a-887f-4fb3-b363-3b7fe8e74483'
export const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6'
export const READER = '21090545-7ca7-4776-b22c-e363652d74d2'

export interface TestVaults {
  readonly world: TestWorld
  readonly door: TestDoor
  /** May do everything in the vault of roles. */
  readonly administrator: ServicePrincipal
  readonly nobody: ServicePrincipal
  /** Asks the vault of roles, with api-version 7.4 unless the path has a query of its own. */
  ask(
    who: ServicePrincipal | undefined,
    method: Method,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answered>
  principal(name: string): Promise<ServicePrincipal>
  assign(who: ServicePrincipal, role: string, scope: string): Promise<void>
  putVault(id: string, properties: Record<string, unknown>): Promise<void>
  close(): Promise<void>
}

export async function openTestVaults(policies: readonly AccessPolicy[] = []): Promise<TestVaults> {
  const world = await openTestWorld()
  const door = await openTestDoor(world, vaultPlane, { host: 'kv-roles.vault.azure.net' })
  const vaults: TestVaults = {
    world,
    door,
    administrator: await makePrincipal(world, 'administrator'),
    nobody: await makePrincipal(world, 'nobody'),
    ask(who, method, path, body, headers = {}) {
      const asked = path.includes('?') ? path : `${path}?api-version=7.4`
      return door.ask({ method, path: asked, ...(who && { as: who }), body, headers })
    },
    principal: (name) => makePrincipal(world, name),
    assign: (who, role, scope) => assignRole(world, who, role, scope),
    putVault: (id, properties) => putVault(world, id, properties),
    async close() {
      await door.close()
      await world.close()
    },
  }
  await vaults.putVault(ROLE_VAULT, { enableRbacAuthorization: true })
  await vaults.putVault(POLICY_VAULT, { accessPolicies: policies })
  await vaults.assign(vaults.administrator, ADMINISTRATOR, ROLE_VAULT)
  return vaults
}

async function putVault(world: TestWorld, id: string, properties: Record<string, unknown>) {
  await transaction(world.call(), (tx) =>
    putResource(tx, {
      id: parseResourceId(id),
      type: 'microsoft.keyvault/vaults',
      location: 'westeurope',
      kind: undefined,
      tags: undefined,
      sku: undefined,
      envelope: {},
      properties: {
        tenantId: world.tenantId,
        sku: { family: 'A', name: 'standard' },
        accessPolicies: [],
        softDeleteRetentionInDays: 90,
        enableRbacAuthorization: false,
        ...properties,
      },
      state: {},
      provisioningState: 'Succeeded',
      version: 1,
      createdAt: tx.now,
      createdBy: undefined,
      changedAt: tx.now,
      changedBy: undefined,
    }),
  )
}
