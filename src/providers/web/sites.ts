import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { LOCATIONS } from '../../core/resources/locations.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import { type Asked, type Beside, type StoredType, storedType, type Use } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import { newPublishing, publishProfile } from './publishing.ts'
import { SERVER_FARM_TYPE } from './server-farms.ts'
import { changedConfig, configInSite, isFunctionApp } from './site-config.ts'
import { hostOf, refuseTakenName, SITE_NAME, SITE_TYPE, SLOT_TYPE } from './site-names.ts'
import { isSlot, siteName, withSettingsOf } from './site-settings.ts'

type Json = Readonly<Record<string, unknown>>

/** What a site is made of; the rest of what it shows is computed. */
const properties = z.looseObject({
  serverFarmId: z.string().optional(),
  reserved: z.boolean().optional(),
  isXenon: z.boolean().optional(),
  hyperV: z.boolean().optional(),
  enabled: z.boolean().optional(),
  httpsOnly: z.boolean().optional(),
  clientAffinityEnabled: z.boolean().optional(),
  clientAffinityProxyEnabled: z.boolean().optional(),
  clientCertEnabled: z.boolean().optional(),
  clientCertMode: z.string().optional(),
  clientCertExclusionPaths: z.string().optional(),
  endToEndEncryptionEnabled: z.boolean().optional(),
  keyVaultReferenceIdentity: z.string().optional(),
  publicNetworkAccess: z.string().optional(),
  virtualNetworkSubnetId: z.string().optional(),
  vnetRouteAllEnabled: z.boolean().optional(),
  vnetImagePullEnabled: z.boolean().optional(),
  vnetContentShareEnabled: z.boolean().optional(),
  vnetBackupRestoreEnabled: z.boolean().optional(),
  outboundVnetRouting: z.looseObject({}).optional(),
  ipMode: z.string().optional(),
  redundancyMode: z.string().optional(),
  hostNamesDisabled: z.boolean().optional(),
  containerSize: z.int().optional(),
  dailyMemoryTimeQuota: z.int().optional(),
  scmSiteAlsoStopped: z.boolean().optional(),
  storageAccountRequired: z.boolean().optional(),
  functionAppConfig: z.looseObject({}).optional(),
  siteConfig: z.looseObject({}).optional(),
})
type Properties = z.infer<typeof properties>

const USUAL: Json = {
  enabled: true,
  isXenon: false,
  hyperV: false,
  httpsOnly: false,
  clientAffinityEnabled: true,
  clientCertEnabled: false,
  clientCertMode: 'Required',
  keyVaultReferenceIdentity: 'SystemAssigned',
  vnetRouteAllEnabled: false,
  vnetImagePullEnabled: false,
  vnetContentShareEnabled: false,
  vnetBackupRestoreEnabled: false,
  ipMode: 'IPv4',
  redundancyMode: 'None',
  hostNamesDisabled: false,
  containerSize: 0,
  dailyMemoryTimeQuota: 0,
  scmSiteAlsoStopped: false,
  storageAccountRequired: false,
}

/** A site, or with `functionapp` in its kind a function app. Its name is a host name of Azure's. */
export const sites = siteType(SITE_TYPE, SITE_NAME)

/** A deployment slot: a site beside the site, with settings and an identity of its own. */
export const slots = siteType(SLOT_TYPE, /^[A-Za-z0-9]([A-Za-z0-9-]{0,57}[A-Za-z0-9])?$/)

function siteType(name: string, pattern: RegExp): StoredType {
  return storedType<Properties>({
    kind: 'stored',
    name,
    apiVersions: WEB_API_VERSIONS,
    place: 'group',
    location: 'required',
    identity: 'system-and-user',
    envelope: ['extendedLocation'],
    names: { pattern },
    properties,
    // Its clients take a 201 for an error.
    createdStatus: 200,
    shows: { name: 'with parents' },
    uses,
    settle,
    // Names in a query come in lower case.
    goesWith: ({ id, properties: { serverFarmId } }, query) =>
      isSlot(id) || typeof serverFarmId !== 'string' || query.deleteemptyserverfarm === 'false'
        ? []
        : [parseResourceId(serverFarmId)],
    shown,
    actions: {
      start: async (_tx, site) => switched(site, 'Running'),
      stop: async (_tx, site) => switched(site, 'Stopped'),
      restart: async () => ({ status: 200 }),
      publishxml: async (tx, site) => ({ body: publishProfile(tx, site) }),
    },
  })
}

/** Its plan and its subnet, which are its writer's to join. */
function uses({ id, properties }: Asked<Properties>, before?: Resource): Use[] {
  const { serverFarmId, virtualNetworkSubnetId } = {
    ...before?.properties,
    ...given(id, properties),
  }
  const use = (to: unknown, action: string): Use[] =>
    typeof to === 'string' && to !== '' ? [{ from: id.text, to: parseResourceId(to), action }] : []
  return [
    ...use(serverFarmId, `${SERVER_FARM_TYPE}/join/action`),
    ...use(virtualNetworkSubnetId, 'Microsoft.Network/virtualNetworks/subnets/join/action'),
  ]
}

async function settle(tx: Transaction, asked: Asked<Properties>, before: Resource | undefined) {
  if (!before && !isSlot(asked.id)) await refuseTakenName(tx, asked.id)
  const owner = await siteOfSlot(tx, asked.id)
  const kept = { ...before?.properties, ...given(asked.id, asked.properties) }
  const beside = kept.serverFarmId === undefined ? planBeside(asked) : []
  const serverFarmId = kept.serverFarmId ?? beside[0]?.id.text
  const plan = await planOf(tx, serverFarmId ?? owner?.properties.serverFarmId)
  const linux = plan ? plan.properties.reserved === true : isLinux(asked, kept)
  const state = before?.state ?? { running: 'Running', ...newPublishing(tx, asked) }
  const config = asked.properties.siteConfig ?? {}
  return {
    kind: kindOf(asked.kind ?? before?.kind ?? owner?.kind, linux),
    properties: {
      ...USUAL,
      ...kept,
      reserved: linux,
      ...(serverFarmId !== undefined && { serverFarmId }),
      siteConfig: changedConfig((before?.properties.siteConfig ?? {}) as Json, config),
    },
    state: withSettingsOf(tx, { id: asked.id, state }, config),
    beside,
  }
}

/** The members a site is made of that were named; its configuration is merged by itself. */
function given(id: ResourceId, asked: Properties): Record<string, unknown> {
  const { siteConfig: _, serverFarmId, ...rest } = asked
  const names = Object.keys(properties.shape)
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => names.includes(name))),
    ...(serverFarmId && { serverFarmId: planId(id, serverFarmId) }),
  }
}

/** A plan of the site's own group may be called by its name alone. */
function planId({ subscriptionId, resourceGroup }: ResourceId, plan: string): string {
  if (plan.startsWith('/')) return plan
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${SERVER_FARM_TYPE}/${plan}`
}

/** The consumption plan that a function app brings along when it names none. */
function planBeside({ id, kind, location, properties: asked }: Asked<Properties>): Beside[] {
  const group = id.parent
  if (!isFunctionApp(kind) || isSlot(id) || !group) return []
  const region = LOCATIONS.find(({ name }) => name === location)?.displayName ?? location ?? ''
  const linux = isLinux({ kind }, asked)
  const name = `${region.replaceAll(' ', '')}${linux ? 'LinuxDynamicPlan' : 'Plan'}`
  return [
    {
      id: parseResourceId(`${group.text}/providers/${SERVER_FARM_TYPE}/${name}`),
      body: { location, sku: { name: 'Y1' }, properties: { reserved: linux } },
    },
  ]
}

function isLinux({ kind }: { readonly kind: string | undefined }, { reserved }: Json): boolean {
  return reserved === true || (kind?.toLowerCase().split(',').includes('linux') ?? false)
}

function kindOf(kind: string | undefined, linux: boolean): string {
  const words = (kind ?? 'app').split(',')
  return linux && !words.includes('linux')
    ? [words[0], 'linux', ...words.slice(1)].join(',')
    : words.join(',')
}

/** The site that a slot is of: what the slot does not say of itself is as there. */
async function siteOfSlot(call: Call, id: ResourceId): Promise<Resource | undefined> {
  return isSlot(id) && id.parent ? findResource(call, id.parent) : undefined
}

async function planOf(call: Call, serverFarmId: unknown): Promise<Resource | undefined> {
  return typeof serverFarmId === 'string'
    ? findResource(call, parseResourceId(serverFarmId))
    : undefined
}

async function shown(call: Call, site: Resource): Promise<Record<string, unknown>> {
  const { id, properties: kept, state } = site
  const host = hostOf(id)
  const console = hostOf(id, 'scm')
  const owner = await siteOfSlot(call, id)
  const serverFarmId = kept.serverFarmId ?? owner?.properties.serverFarmId
  const plan = await planOf(call, serverFarmId)
  return {
    ...kept,
    ...(serverFarmId !== undefined && { serverFarmId }),
    name: siteName(id) === id.name.toLowerCase() ? id.name : `${id.parent?.name}(${id.name})`,
    state: state.running,
    usageState: 'Normal',
    availabilityState: 'Normal',
    adminEnabled: true,
    siteConfig: configInSite(site),
    hostNames: [host],
    enabledHostNames: [host, console],
    defaultHostName: host,
    repositorySiteName: id.name,
    hostNameSslStates: [host, console].map((name) => ({
      name,
      sslState: 'Disabled',
      hostType: name === host ? 'Standard' : 'Repository',
    })),
    customDomainVerificationId: verificationId(call, id),
    ...(plan && { sku: plan.sku?.tier }),
    lastModifiedTimeUtc: isoSevenDigits(site.changedAt),
    outboundIpAddresses: '',
    possibleOutboundIpAddresses: '',
    resourceGroup: id.resourceGroup,
    ...(isSlot(id) && { slotName: id.name }),
    privateEndpointConnections: [],
  }
}

/** What a domain shows to be a site's own: the same for all sites of a subscription. */
function verificationId(call: Call, { subscriptionId }: ResourceId): string {
  const text = `domain:${call.tenantId}/${subscriptionId}`
  return createHash('sha256').update(text).digest('hex').toUpperCase()
}

function switched({ state }: Resource, running: 'Running' | 'Stopped') {
  return { status: 200, state: { ...state, running } }
}
