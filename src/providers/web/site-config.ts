/**
 * The configuration of a site: what clients name `siteConfig` inside the site and `config/web` beside
 * it. It is one thing, kept with the site; settings that may hold secrets are taken out of it.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { siteName } from './site-settings.ts'

type Json = Readonly<Record<string, unknown>>

/** Members that go where settings are, or hold a secret that is not shown here. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...['appsettings', 'connectionstrings', 'azurestorageaccounts', 'metadata', 'machinekey'],
  ...['publishingusername', 'publishingpassword'],
])

/** What is shown of it inside the site, as in Azure: the rest is asked for by its own path. */
const SHOWN_IN_SITE = [
  'numberOfWorkers',
  'linuxFxVersion',
  'windowsFxVersion',
  'acrUseManagedIdentityCreds',
  'acrUserManagedIdentityID',
  'alwaysOn',
  'http20Enabled',
  'functionAppScaleLimit',
  'minimumElasticInstanceCount',
] as const

/** The configuration with changes made to it: what is not named stays as it was. */
export function changedConfig(before: Json, changes: Json): Json {
  const own = Object.entries(changes).filter(
    ([name, value]) => !ELSEWHERE.has(name.toLowerCase()) && value !== undefined && value !== null,
  )
  return { ...before, ...Object.fromEntries(own) }
}

/** What the site itself shows. */
export function configInSite(site: Resource): Json {
  const all = wholeConfig(site)
  return Object.fromEntries(SHOWN_IN_SITE.map((name) => [name, all[name] ?? null]))
}

/** All of it, with what App Service fills in. */
export function wholeConfig({ id, kind, properties }: Resource): Json {
  const given = (properties.siteConfig ?? {}) as Json
  const all: Json = {
    ...USUAL,
    publishingUsername: publishingUser(id),
    virtualApplications: [{ ...ROOT, preloadEnabled: given.alwaysOn === true }],
    // Plans that scale by events have no limit of their own but this.
    ...(isFunctionApp(kind) && { functionAppScaleLimit: 0, minimumElasticInstanceCount: 1 }),
    ...given,
  }
  return {
    ...all,
    ipSecurityRestrictions: restrictions(
      given.ipSecurityRestrictions,
      given.ipSecurityRestrictionsDefaultAction,
    ),
    scmIpSecurityRestrictions: restrictions(
      given.scmIpSecurityRestrictions,
      given.scmIpSecurityRestrictionsDefaultAction,
    ),
  }
}

/** Who deploys to the site: a slot has a user of its own. */
export function publishingUser(id: ResourceId): string {
  return `$${siteName(id).replace('/', '__')}`
}

export function isFunctionApp(kind: string | undefined): boolean {
  return kind?.toLowerCase().split(',').includes('functionapp') ?? false
}

const LAST = 2147483647

/** The rules that were given, and the one after them all that App Service shows: `Any`. */
function restrictions(given: unknown, defaultAction: unknown): readonly Json[] {
  const rules = (Array.isArray(given) ? given : [])
    .filter((rule) => rule?.ipAddress !== 'Any')
    // Some clients write the number as a text.
    .map((rule) => ({ ...rule, ...(rule.priority && { priority: Number(rule.priority) }) }))
  const action = defaultAction ?? (rules.length > 0 ? 'Deny' : 'Allow')
  return [
    ...rules,
    {
      ipAddress: 'Any',
      action,
      priority: LAST,
      name: `${action} all`,
      description: `${action} all access`,
    },
  ]
}

/** Where a site on Windows has its files; it is loaded early where it is always on. */
const ROOT: Json = { virtualPath: '/', physicalPath: 'site\\wwwroot' }

const USUAL: Json = {
  numberOfWorkers: 1,
  defaultDocuments: [
    'Default.htm',
    'Default.html',
    'Default.asp',
    'index.htm',
    'index.html',
    'iisstart.htm',
    'default.aspx',
    'index.php',
    'hostingstart.html',
  ],
  netFrameworkVersion: 'v4.0',
  phpVersion: '',
  pythonVersion: '',
  nodeVersion: '',
  powerShellVersion: '',
  linuxFxVersion: '',
  requestTracingEnabled: false,
  remoteDebuggingEnabled: false,
  remoteDebuggingVersion: 'VS2022',
  httpLoggingEnabled: false,
  acrUseManagedIdentityCreds: false,
  logsDirectorySizeLimit: 35,
  detailedErrorLoggingEnabled: false,
  scmType: 'None',
  use32BitWorkerProcess: true,
  webSocketsEnabled: false,
  alwaysOn: false,
  appCommandLine: '',
  managedPipelineMode: 'Integrated',
  loadBalancing: 'LeastRequests',
  experiments: { rampUpRules: [] },
  autoHealEnabled: false,
  vnetName: '',
  vnetRouteAllEnabled: false,
  vnetPrivatePortsCount: 0,
  localMySqlEnabled: false,
  scmIpSecurityRestrictionsUseMain: false,
  http20Enabled: false,
  minTlsVersion: '1.2',
  scmMinTlsVersion: '1.2',
  ftpsState: 'FtpsOnly',
  preWarmedInstanceCount: 0,
  elasticWebAppScaleLimit: 0,
  functionsRuntimeScaleMonitoringEnabled: false,
  minimumElasticInstanceCount: 0,
  azureStorageAccounts: {},
  http20ProxyFlag: 0,
}
