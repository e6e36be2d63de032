/**
 * The properties of a vault: their types, their limits, and those that can be set once and never
 * again. The texts of refusals are Azure's.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { isGuid } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { POLICY_PERMISSIONS, type PolicyCollection } from '../../core/secrets/access-policies.ts'
import { LONGEST_RETENTION_DAYS, SHORTEST_RETENTION_DAYS } from '../../core/secrets/vault.ts'
import {
  askedNetworkAcls,
  keptNetworkAcls,
  keptPublicNetworkAccess,
  type NetworkAcls,
} from './vault-network.ts'

/** The most access policies a vault takes. */
const MOST_ACCESS_POLICIES = 1024

/** Clients send null for what they do not set. */
const words = z.array(z.string()).nullish()

export const accessPolicy = z.object({
  tenantId: z.string(),
  objectId: z.string(),
  applicationId: z.string().nullish(),
  permissions: z.object({ keys: words, secrets: words, certificates: words, storage: words }),
})
export type AskedPolicy = z.infer<typeof accessPolicy>

/** Members of answers, which clients send back; they change nothing. */
const readOnly = {
  vaultUri: z.unknown().optional(),
  provisioningState: z.unknown().optional(),
  hsmPoolResourceId: z.unknown().optional(),
  privateEndpointConnections: z.unknown().optional(),
}

export const vaultProperties = z.strictObject({
  ...readOnly,
  tenantId: z.string().optional(),
  sku: z.object({ family: z.string().optional(), name: z.string() }).optional(),
  accessPolicies: z.array(accessPolicy).optional(),
  enabledForDeployment: z.boolean().optional(),
  enabledForDiskEncryption: z.boolean().optional(),
  enabledForTemplateDeployment: z.boolean().optional(),
  enableSoftDelete: z.boolean().optional(),
  softDeleteRetentionInDays: z.int().optional(),
  enableRbacAuthorization: z.boolean().optional(),
  enablePurgeProtection: z.boolean().optional(),
  createMode: z.string().optional(),
  networkAcls: askedNetworkAcls.optional(),
  publicNetworkAccess: z.string().optional(),
})
export type VaultProperties = z.infer<typeof vaultProperties>

/** What is kept of a vault, and shown with its address. */
export interface KeptProperties {
  readonly sku: { readonly family: 'A'; readonly name: 'standard' | 'premium' }
  readonly tenantId: string
  readonly accessPolicies: readonly AskedPolicy[]
  readonly enabledForDeployment: boolean
  readonly enabledForDiskEncryption?: boolean
  readonly enabledForTemplateDeployment?: boolean
  readonly enableSoftDelete: true
  readonly softDeleteRetentionInDays: number
  readonly enableRbacAuthorization: boolean
  readonly enablePurgeProtection?: true
  readonly networkAcls?: NetworkAcls
  readonly publicNetworkAccess: 'Enabled' | 'Disabled'
}

/**
 * What a vault becomes: what is asked for, with what can no longer be changed.
 * @throws Failure invalid `BadRequest`
 */
export function keptProperties(
  call: Call,
  asked: VaultProperties,
  before: KeptProperties | undefined,
  rbacByDefault: boolean,
): KeptProperties {
  if (!sameId(asked.tenantId, call.tenantId)) throw invalidValue('tenantId')
  const sku = readSku(asked.sku)
  checkOnceOnly(asked, before)
  const policies = asked.accessPolicies ?? []
  checkAccessPolicies(call, policies)
  const { networkAcls, enabledForDiskEncryption, enabledForTemplateDeployment } = asked
  return {
    sku,
    tenantId: call.tenantId,
    ...(networkAcls && { networkAcls: keptNetworkAcls(networkAcls) }),
    accessPolicies: policies,
    enabledForDeployment: asked.enabledForDeployment ?? false,
    ...(enabledForDiskEncryption !== undefined && { enabledForDiskEncryption }),
    ...(enabledForTemplateDeployment !== undefined && { enabledForTemplateDeployment }),
    enableSoftDelete: true,
    softDeleteRetentionInDays:
      before?.softDeleteRetentionInDays ??
      asked.softDeleteRetentionInDays ??
      LONGEST_RETENTION_DAYS,
    enableRbacAuthorization:
      asked.enableRbacAuthorization ?? before?.enableRbacAuthorization ?? rbacByDefault,
    ...((asked.enablePurgeProtection || before?.enablePurgeProtection) && {
      enablePurgeProtection: true,
    }),
    publicNetworkAccess: keptPublicNetworkAccess(asked.publicNetworkAccess),
  }
}

/** @throws Failure invalid `BadRequest` */
export function checkAccessPolicies(call: Call, policies: readonly AskedPolicy[]): void {
  if (policies.length > MOST_ACCESS_POLICIES) throw invalidValue('accessPolicies')
  for (const [at, { tenantId, objectId, applicationId, permissions }] of policies.entries()) {
    if (!isGuid(objectId)) throw invalidPolicy(at, 'ObjectId', objectId)
    if (!sameId(tenantId, call.tenantId)) throw invalidPolicy(at, 'TenantId', tenantId)
    if (applicationId && !isGuid(applicationId)) {
      throw invalidPolicy(at, 'ApplicationId', applicationId)
    }
    for (const [collection, granted] of Object.entries(permissions)) {
      const known = POLICY_PERMISSIONS[collection as PolicyCollection]
      if (granted?.some((word) => !known.has(word.toLowerCase()))) {
        throw invalidValue('accessPolicies')
      }
    }
  }
}

function readSku(sku: VaultProperties['sku']): KeptProperties['sku'] {
  const name = sku?.name.toLowerCase()
  const family = (sku?.family ?? 'A').toUpperCase()
  if (family !== 'A' || (name !== 'standard' && name !== 'premium')) throw invalidValue('sku')
  return { family, name }
}

/** Soft delete, its retention and purge protection: once on, or once set, for good. */
function checkOnceOnly(asked: VaultProperties, before: KeptProperties | undefined): void {
  const days = asked.softDeleteRetentionInDays
  if (days !== undefined && (days < SHORTEST_RETENTION_DAYS || days > LONGEST_RETENTION_DAYS)) {
    throw invalidValue('softDeleteRetentionInDays')
  }
  if (asked.enablePurgeProtection === false) {
    throw badRequest(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection ' +
        'for a vault is an irreversible action.',
    )
  }
  if (before === undefined) return
  if (asked.enableSoftDelete === false) {
    throw badRequest(
      'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling ' +
        "the 'soft delete' functionality is an irreversible action.",
    )
  }
  if (days !== undefined && days !== before.softDeleteRetentionInDays) {
    throw badRequest(
      'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    )
  }
}

function sameId(given: string | undefined, expected: string): boolean {
  return given?.toLowerCase() === expected.toLowerCase()
}

function invalidPolicy(at: number, member: string, value: string): Failure {
  return badRequest(`Invalid value found at accessPolicies[${at}].${member}: ${value}`)
}

function invalidValue(name: string): Failure {
  return badRequest(`An invalid value was provided for '${name}'.`)
}

export function badRequest(message: string): Failure {
  return new Failure('invalid', 'BadRequest', message)
}
