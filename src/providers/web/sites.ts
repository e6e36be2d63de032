import { z } from 'zod'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type Asked, storedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import { refuseTakenName, SITE_NAME, SITE_TYPE } from './site-names.ts'
import { configurationNamed, withSettings } from './site-settings.ts'

const pair = z.looseObject({ name: z.string(), value: z.string().optional() })
const properties = z.looseObject({
  serverFarmId: z.string().optional(),
  reserved: z.boolean().optional(),
  httpsOnly: z.boolean().optional(),
  enabled: z.boolean().optional(),
  clientAffinityEnabled: z.boolean().optional(),
  keyVaultReferenceIdentity: z.string().optional(),
  publicNetworkAccess: z.string().optional(),
  siteConfig: z
    .looseObject({
      appSettings: z.array(pair).optional(),
      connectionStrings: z.array(z.looseObject({})).optional(),
    })
    .optional(),
})
type Properties = z.infer<typeof properties>

/** A site, or with `functionapp` in its kind a function app. Its name is a host name of Azure's. */
export const sites = storedType<Properties>({
  kind: 'stored',
  name: SITE_TYPE,
  apiVersions: WEB_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'system-and-user',
  envelope: ['extendedLocation'],
  names: { pattern: SITE_NAME },
  properties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  uses: ({ id, properties: { serverFarmId } }) =>
    serverFarmId === undefined
      ? []
      : [
          {
            from: id.text,
            to: parseResourceId(serverFarmId),
            action: 'Microsoft.Web/serverfarms/join/action',
          },
        ],
  async settle(tx, asked, before) {
    if (!before) await refuseTakenName(tx, asked.id)
    return {
      properties: keptProperties(asked.properties),
      state: stateOf(tx, asked, before),
    }
  },
  shown: async (_call, site) => shownSite(site),
  actions: {
    start: async (_tx, site) => switched(site, 'Running'),
    stop: async (_tx, site) => switched(site, 'Stopped'),
    restart: async () => ({ status: 200 }),
  },
})

/** What a site is made of; settings go where settings are, addresses are computed. */
function keptProperties(asked: Properties): Record<string, unknown> {
  const { siteConfig, ...rest } = asked
  const known = Object.keys(properties.shape)
  const { appSettings: _, connectionStrings: __, ...config } = siteConfig ?? {}
  return {
    enabled: true,
    reserved: false,
    httpsOnly: false,
    clientAffinityEnabled: true,
    keyVaultReferenceIdentity: 'SystemAssigned',
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => known.includes(name))),
    siteConfig: config,
  }
}

/** Settings that come with the site replace those it has. */
function stateOf(
  call: Call,
  { id, properties: asked }: Asked<Properties>,
  before: Resource | undefined,
): Record<string, unknown> {
  const state = before?.state ?? { running: 'Running' }
  const given = asked.siteConfig?.appSettings
  const configuration = configurationNamed('appsettings')
  if (!given || !configuration) return state
  const settings = Object.fromEntries(given.map(({ name, value }) => [name, value ?? '']))
  return withSettings(call, { id, state }, configuration, settings)
}

function shownSite({ id, properties: kept, state }: Resource): Record<string, unknown> {
  const host = `${id.name.toLowerCase()}.azurewebsites.net`
  const console = `${id.name.toLowerCase()}.scm.azurewebsites.net`
  return {
    ...kept,
    name: id.name,
    state: state.running,
    usageState: 'Normal',
    availabilityState: 'Normal',
    hostNames: [host],
    enabledHostNames: [host, console],
    defaultHostName: host,
    repositorySiteName: id.name,
    hostNameSslStates: [host, console].map((name) => ({
      name,
      sslState: 'Disabled',
      hostType: name === host ? 'Standard' : 'Repository',
    })),
    outboundIpAddresses: '',
    possibleOutboundIpAddresses: '',
    resourceGroup: id.resourceGroup,
  }
}

function switched({ state }: Resource, running: 'Running' | 'Stopped') {
  return { status: 200, state: { ...state, running } }
}
