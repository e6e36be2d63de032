/**
 * The settings of a site, in its private state: those that may hold secrets rest sealed and are
 * shown only to those who may list them.
 */

import { isJsonObject } from '../../base/json.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'

type Json = Readonly<Record<string, unknown>>

export interface Configuration {
  readonly name: string
  /** Whether only those see it who may list it; GET then shows none of it. */
  readonly listed: boolean
  /** Whether it may hold a secret, and so rests sealed. */
  readonly sealed: boolean
  /** What a site has that was given none; undefined where it then has no such thing at all. */
  readonly usual: Json | undefined
}

const AUTHENTICATION: Json = {
  enabled: false,
  unauthenticatedClientAction: 'RedirectToLoginPage',
  tokenStoreEnabled: false,
  defaultProvider: 'AzureActiveDirectory',
  tokenRefreshExtensionHours: 72,
  runtimeVersion: '~1',
  configVersion: 'v1',
}

const AUTHENTICATION_V2: Json = {
  platform: { enabled: false, runtimeVersion: '~1' },
  globalValidation: { unauthenticatedClientAction: 'RedirectToLoginPage' },
  identityProviders: {},
  login: { routes: {}, tokenStore: { enabled: false }, preserveUrlFragmentsForLogins: false },
  httpSettings: { requireHttps: true, routes: { apiPrefix: '/.auth' } },
}

const LOGS: Json = {
  applicationLogs: {
    fileSystem: { level: 'Off' },
    azureTableStorage: { level: 'Off', sasUrl: null },
    azureBlobStorage: { level: 'Off', sasUrl: null, retentionInDays: null },
  },
  httpLogs: {
    fileSystem: { retentionInMb: 35, retentionInDays: null, enabled: false },
    azureBlobStorage: { sasUrl: null, retentionInDays: 3, enabled: false },
  },
  failedRequestsTracing: { enabled: false },
  detailedErrorMessages: { enabled: false },
}

const SLOT_NAMES: Json = {
  connectionStringNames: [],
  appSettingNames: [],
  azureStorageConfigNames: [],
}

/** Every configuration a site has beside `web`, from its start. */
export const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'appsettings', listed: true, sealed: true, usual: {} },
  { name: 'connectionstrings', listed: true, sealed: true, usual: {} },
  { name: 'azurestorageaccounts', listed: true, sealed: true, usual: {} },
  { name: 'authsettings', listed: true, sealed: true, usual: AUTHENTICATION },
  { name: 'authsettingsV2', listed: false, sealed: false, usual: AUTHENTICATION_V2 },
  { name: 'metadata', listed: true, sealed: true, usual: {} },
  { name: 'pushsettings', listed: true, sealed: true, usual: { isPushEnabled: false } },
  { name: 'backup', listed: true, sealed: true, usual: undefined },
  // The address it goes to holds a signature.
  { name: 'logs', listed: false, sealed: true, usual: LOGS },
  { name: 'slotConfigNames', listed: false, sealed: false, usual: SLOT_NAMES },
]

/** The configuration of a name, whatever its case. */
export function configurationNamed(name: string): Configuration | undefined {
  const wanted = name.toLowerCase()
  return CONFIGURATIONS.find((one) => one.name.toLowerCase() === wanted)
}

/** What was set, or what a site has from its start; undefined where that is nothing. */
export function settingsOf(call: Call, site: Resource, one: Configuration): Json | undefined {
  const settings = givenSettings(call, site, one)
  if (one.name !== 'authsettings' || !isGiven(site, 'authsettingsV2')) return settings
  return { ...settings, configVersion: 'v2' }
}

function givenSettings(call: Call, site: Resource, { name, sealed, usual }: Configuration) {
  const kept = (site.state.configurations as Json | undefined)?.[name]
  if (kept === undefined) return usual
  if (!sealed) return kept as Json
  return JSON.parse(opened(call, site, name, String(kept))) as Json
}

function isGiven({ state }: Resource, name: string): boolean {
  return (state.configurations as Json | undefined)?.[name] !== undefined
}

/** The private state of the site with one configuration replaced. */
export function withSettings(
  call: Call,
  site: Pick<Resource, 'id' | 'state'>,
  { name, sealed }: Configuration,
  settings: Json,
): Json {
  const kept = sealed ? closed(call, site, name, JSON.stringify(settings)) : settings
  return {
    ...site.state,
    configurations: { ...(site.state.configurations as Json | undefined), [name]: kept },
  }
}

/** The private state after a configuration that was written inside the site or in `config/web`. */
export function withSettingsOf(
  call: Call,
  site: Pick<Resource, 'id' | 'state'>,
  config: Json,
): Json {
  let state: Json = site.state
  for (const [name, settings] of Object.entries(settingsIn(config))) {
    const configuration = configurationNamed(name)
    if (configuration) state = withSettings(call, { ...site, state }, configuration, settings)
  }
  return state
}

/** Settings that come as lists inside a configuration, under the names and in the shape they have. */
function settingsIn(config: Json): Record<string, Json> {
  // Names are read in any case: no spelling leaves a secret in the configuration that is shown.
  const { appsettings, connectionstrings, metadata, azurestorageaccounts } = Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return {
    ...(Array.isArray(appsettings) && { appsettings: byName(appsettings, textOf) }),
    ...(Array.isArray(metadata) && { metadata: byName(metadata, textOf) }),
    ...(Array.isArray(connectionstrings) && {
      connectionstrings: byName(connectionstrings, ({ connectionString, type }) => ({
        value: connectionString,
        type,
      })),
    }),
    ...(isJsonObject(azurestorageaccounts) && { azurestorageaccounts }),
  }
}

const textOf = ({ value }: Json) => value ?? ''

function byName(list: readonly unknown[], read: (one: Json) => unknown): Json {
  const named = list.filter(isJsonObject).filter(({ name }) => typeof name === 'string')
  return Object.fromEntries(named.map((one) => [String(one.name), read(one)]))
}

/** A text as it rests in the site's private state, bound to the site and to what it is. */
export function closed(call: Call, site: Pick<Resource, 'id'>, name: string, text: string): string {
  const bytes = call.seal.close(Buffer.from(text), contextOf(site, name))
  return Buffer.from(bytes).toString('base64')
}

/** The text that was closed for the same site and name. */
export function opened(call: Call, site: Pick<Resource, 'id'>, name: string, text: string): string {
  return call.seal.open(Buffer.from(text, 'base64'), contextOf(site, name)).toString('utf8')
}

/** Bound to the site's name, which is its own wherever it moves. */
function contextOf({ id }: Pick<Resource, 'id'>, name: string): string {
  return `site:${siteName(id)}/${name}`
}

/** The name of a site, or of a site and its slot: there is one of it in all of Azure. */
export function siteName(id: ResourceId): string {
  return (isSlot(id) ? `${id.parent?.name}/${id.name}` : id.name).toLowerCase()
}

export function isSlot(id: ResourceId): boolean {
  return id.type.toLowerCase().endsWith('/slots')
}
