/**
 * Who may reach a vault by the network: its rules as they are kept, and what is known by them here.
 *
 * Callers have no addresses that mean anything: all are on this computer. So a rule for addresses
 * or subnets is kept, and lets everybody in; a vault is shut where there is no rule that could let
 * anybody in, which is shut in Azure too.
 */
import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { wordAmong } from '../../base/word.ts'
import type { Call } from '../../core/call.ts'
import { findResource } from '../../core/resources/resource.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import type { Use } from '../provider.ts'

const SERVICE = 'Microsoft.KeyVault'
const JOIN = 'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action'
const ALL_BITS = 32

export const askedNetworkAcls = z.object({
  bypass: z.string().nullish(),
  defaultAction: z.string().nullish(),
  ipRules: z.array(z.object({ value: z.string() })).nullish(),
  virtualNetworkRules: z
    .array(z.object({ id: z.string(), ignoreMissingVnetServiceEndpoint: z.boolean().nullish() }))
    .nullish(),
})
export type AskedNetworkAcls = z.infer<typeof askedNetworkAcls>

export interface NetworkAcls {
  readonly bypass: 'AzureServices' | 'None'
  readonly defaultAction: 'Allow' | 'Deny'
  readonly ipRules: readonly { readonly value: string }[]
  readonly virtualNetworkRules: readonly {
    readonly id: string
    readonly ignoreMissingVnetServiceEndpoint?: boolean
  }[]
}

/** @throws Failure invalid `BadRequest` */
export function keptNetworkAcls(asked: AskedNetworkAcls): NetworkAcls {
  return {
    bypass: oneOf(asked.bypass ?? 'AzureServices', ['AzureServices', 'None'], 'bypass'),
    defaultAction: oneOf(asked.defaultAction ?? 'Allow', ['Allow', 'Deny'], 'defaultAction'),
    ipRules: (asked.ipRules ?? []).map(({ value }) => ({ value: range(value) })),
    virtualNetworkRules: (asked.virtualNetworkRules ?? []).map(({ id, ...rule }) => ({
      id,
      ...(rule.ignoreMissingVnetServiceEndpoint && { ignoreMissingVnetServiceEndpoint: true }),
    })),
  }
}

/** @throws Failure invalid `BadRequest` */
export function keptPublicNetworkAccess(asked: string | undefined): 'Enabled' | 'Disabled' {
  return oneOf(asked ?? 'Enabled', ['Enabled', 'Disabled'], 'publicNetworkAccess')
}

/** Subnets that rules name newly: they must be there, and be the caller's to join. */
export function subnetsJoined(
  from: string,
  asked: AskedNetworkAcls | undefined,
  before: NetworkAcls | undefined,
): Use[] {
  const known = new Set(before?.virtualNetworkRules.map(({ id }) => id.toLowerCase()))
  return (asked?.virtualNetworkRules ?? [])
    .filter(({ id }) => !known.has(id.toLowerCase()))
    .map(({ id }) => ({ from, to: parseResourceId(id), action: JOIN, once: true as const }))
}

/** @throws Failure invalid `SubnetsHaveNoServiceEndpointsConfigured` */
export async function checkServiceEndpoints(call: Call, acls: NetworkAcls): Promise<void> {
  for (const { id: text, ignoreMissingVnetServiceEndpoint } of acls.virtualNetworkRules) {
    if (ignoreMissingVnetServiceEndpoint) continue
    const id = parseResourceId(text)
    const subnet = await findResource(call, id)
    const services = (subnet?.properties.serviceEndpoints ?? []) as { service?: string }[]
    if (services.some(({ service }) => service?.toLowerCase() === SERVICE.toLowerCase())) continue
    throw new Failure(
      'invalid',
      'SubnetsHaveNoServiceEndpointsConfigured',
      `Subnets ${id.name} of virtual network ${id.parent?.text} do not have ServiceEndpoints for ` +
        `${SERVICE} resources configured. Add ${SERVICE} to subnet's ServiceEndpoints collection ` +
        `before trying to ACL ${SERVICE} resources to these subnets.`,
    )
  }
}

/** Whether the public address of a vault lets anybody in. */
export function publicAccessOf(
  properties: Readonly<Record<string, unknown>>,
): Vault['publicAccess'] {
  if (properties.publicNetworkAccess === 'Disabled') return 'disabled'
  const acls = properties.networkAcls as NetworkAcls | undefined
  if (acls?.defaultAction !== 'Deny') return 'open'
  const rules = [...(acls.ipRules ?? []), ...(acls.virtualNetworkRules ?? [])]
  return rules.length > 0 ? 'open' : 'denied'
}

/** An address, or a range of them, as a range. */
function range(value: string): string {
  const [address = '', bits = String(ALL_BITS), ...rest] = value.split('/')
  const isRange = /^\d{1,2}$/.test(bits) && Number(bits) <= ALL_BITS && rest.length === 0
  if (isIPv4(address) && isRange) return `${address}/${bits}`
  throw invalid('ipRules')
}

function oneOf<Word extends string>(asked: string, words: readonly Word[], name: string): Word {
  const word = wordAmong(words, asked)
  if (word !== undefined) return word
  throw invalid(name)
}

function invalid(name: string): Failure {
  return new Failure('invalid', 'BadRequest', `An invalid value was provided for '${name}'.`)
}
