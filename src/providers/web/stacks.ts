/** What can be run in App Service and Functions, as clients read it to offer a choice. */
import { Failure } from '../../base/failure.ts'
import { isLocation, locationName } from '../../core/resources/locations.ts'
import type { DerivedType, Query } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import {
  FUNCTION_RUNTIMES,
  FUNCTION_STACKS,
  type FunctionRuntime,
  JAVA_SERVERS,
  JAVAS,
  WEB_RUNTIMES,
  WEB_STACKS,
  type WebRuntime,
} from './stack-runtimes.ts'

type Json = Readonly<Record<string, unknown>>

export const webAppStacks = stacksType('Microsoft.Web/webAppStacks', webStacks)
export const functionAppStacks = stacksType('Microsoft.Web/functionAppStacks', functionStacks)
export const functionAppStacksOfLocation = stacksType(
  'Microsoft.Web/locations/functionAppStacks',
  functionStacks,
)

/** One list of the tenant, which everybody may read: it is the same for all. */
function stacksType(name: string, stacks: (query: Query) => readonly Json[]): DerivedType {
  return {
    kind: 'derived',
    name,
    apiVersions: WEB_API_VERSIONS,
    place: 'tenant',
    freely: (verb) => verb === 'list',
    async list(_call, at, query) {
      if (at.type.toLowerCase().endsWith('/locations')) refuseUnknownLocation(at.name)
      const wanted = query.stack?.toLowerCase()
      const shown = stacks(query).filter(
        ({ value }) => wanted === undefined || wanted === '' || value === wanted,
      )
      return { status: 200, body: { value: shown.map((stack) => named(name, stack)) } }
    },
  }
}

/** @throws Failure invalid */
function refuseUnknownLocation(name: string): void {
  if (isLocation(locationName(name))) return
  throw new Failure('invalid', 'BadRequest', `The location '${name}' is not a region of Azure.`)
}

function named(type: string, { value, ...rest }: Json): Json {
  return { id: `/providers/${type}/${value}`, name: value, type, properties: { value, ...rest } }
}

/** Of the operating systems, the one that is asked for, or both. */
function only(query: Query, settings: { linux?: Json | undefined; windows?: Json | undefined }) {
  const wanted = query.stackostype?.toLowerCase() ?? 'all'
  const { linux, windows } = settings
  return {
    ...(linux && wanted !== 'windows' && { linux }),
    ...(windows && wanted !== 'linux' && { windows }),
  }
}

function webStacks(query: Query): Json[] {
  const stacks = Object.entries(WEB_STACKS).map(([value, displayText]) => {
    const runtimes = WEB_RUNTIMES.filter(({ stack }) => stack === value)
    const majors = [...new Set(runtimes.map(({ major }) => major))]
    return {
      displayText,
      value,
      preferredOs: value === 'dotnet' ? 'Windows' : 'Linux',
      majorVersions: majors.map((major) => ({
        displayText: major,
        value: major.toLowerCase().replaceAll(' ', ''),
        minorVersions: runtimes
          .filter((runtime) => runtime.major === major)
          .map((runtime) => webVersion(query, runtime)),
      })),
    }
  })
  return stacks.map((stack) =>
    stack.value === 'javacontainers' ? { ...stack, majorVersions: javaServers(query) } : stack,
  )
}

function webVersion(query: Query, { text, value, linux, windows, end }: WebRuntime): Json {
  const settings = (runtimeVersion: string): Json => ({
    runtimeVersion,
    remoteDebuggingSupported: false,
    appInsightsSettings: { isSupported: true, isDefaultOff: false },
    gitHubActionSettings: { isSupported: true, supportedVersion: value.replace('-lts', '.x') },
    supportedFeatures: { disableSsh: true },
    // Java is offered by its newest: the older ones of a version are never listed here.
    ...(text.startsWith('Java ') && { isAutoUpdate: true }),
    ...(end && { endOfLifeDate: `${end}T00:00:00Z` }),
  })
  const shown = only(query, {
    linux: linux === undefined ? undefined : settings(linux),
    windows: windows === undefined ? undefined : settings(windows),
  })
  return {
    displayText: text,
    value,
    stackSettings: {
      ...(shown.linux && { linuxRuntimeSettings: shown.linux }),
      ...(shown.windows && { windowsRuntimeSettings: shown.windows }),
    },
  }
}

function javaServers(query: Query): Json[] {
  return JAVA_SERVERS.map(({ name, text, linux: server }) => {
    const nameOn = (java: string) =>
      server === 'JAVA' ? `JAVA|${java}-java${java}` : `${server}|${name}-java${java}`
    const linux = {
      isAutoUpdate: true,
      runtimes: JAVAS.map((java) => ({ runtimeVersion: java, runtime: nameOn(java) })),
      java11Runtime: nameOn('11'),
      java8Runtime: nameOn('8'),
    }
    const windows = {
      isAutoUpdate: true,
      javaContainer: server,
      javaContainerVersion: name,
      runtimes: JAVAS.map((java) => ({
        runtimeVersion: java === '8' ? '1.8' : java,
        runtime: nameOn(java),
      })),
    }
    const shown = only(query, { linux, windows })
    return {
      displayText: text,
      value: name.toLowerCase(),
      minorVersions: [
        {
          displayText: text,
          value: name,
          stackSettings: {
            ...(shown.linux && { linuxContainerSettings: shown.linux }),
            ...(shown.windows && { windowsContainerSettings: shown.windows }),
          },
        },
      ],
    }
  })
}

function functionStacks(query: Query): Json[] {
  return Object.entries(FUNCTION_STACKS).map(([value, displayText]) => {
    const runtimes = FUNCTION_RUNTIMES.filter(({ stack }) => stack === value)
    return {
      displayText,
      value,
      preferredOs: value === 'python' ? 'linux' : 'windows',
      majorVersions: runtimes.map((runtime) => ({
        displayText: runtime.text,
        value: runtime.version,
        minorVersions: [functionVersion(query, runtime)],
      })),
    }
  })
}

function functionVersion(query: Query, runtime: FunctionRuntime): Json {
  const { text, version, linux, windows } = runtime
  const shown = only(query, {
    linux: linux === undefined ? undefined : linuxFunctions(runtime, linux),
    windows: windows && windowsFunctions(runtime, windows),
  })
  return {
    displayText: text,
    value: version,
    stackSettings: {
      ...(shown.linux && { linuxRuntimeSettings: shown.linux }),
      ...(shown.windows && { windowsRuntimeSettings: shown.windows }),
    },
  }
}

function linuxFunctions(runtime: FunctionRuntime, linuxFxVersion: string): Json {
  return {
    ...commonOf(runtime, linuxFxVersion),
    appSettingsDictionary: { FUNCTIONS_WORKER_RUNTIME: runtime.worker },
    siteConfigPropertiesDictionary: {
      use32BitWorkerProcess: false,
      ...(linuxFxVersion && { linuxFxVersion }),
    },
    Sku: runtime.flex ? [flexOf(runtime)] : null,
  }
}

function windowsFunctions(
  runtime: FunctionRuntime,
  { setting, config }: NonNullable<FunctionRuntime['windows']>,
): Json {
  return {
    ...commonOf(runtime, setting ?? Object.values(config ?? {})[0] ?? ''),
    appSettingsDictionary: {
      FUNCTIONS_WORKER_RUNTIME: runtime.worker,
      ...(setting && { WEBSITE_NODE_DEFAULT_VERSION: setting }),
    },
    siteConfigPropertiesDictionary: { use32BitWorkerProcess: true, ...config },
    Sku: null,
  }
}

function commonOf({ version, end, isDefault }: FunctionRuntime, runtimeVersion: string): Json {
  return {
    runtimeVersion,
    isDefault: isDefault ?? false,
    isPreview: false,
    isDeprecated: false,
    isHidden: false,
    remoteDebuggingSupported: false,
    appInsightsSettings: { isSupported: true, isDefaultOff: false },
    gitHubActionSettings: { isSupported: true, supportedVersion: digitsOf(version) },
    supportedFunctionsExtensionVersions: ['~4'],
    ...(end && { endOfLifeDate: `${end}T00:00:00Z` }),
  }
}

/** How Flex Consumption runs it: what it may be given, and what it is given unasked. */
function flexOf({ worker, version, linux }: FunctionRuntime): Json {
  return {
    skuCode: 'FC1',
    instanceMemoryMB: [
      { size: 512, isDefault: false },
      { size: 2048, isDefault: true },
      { size: 4096, isDefault: false },
    ],
    maximumInstanceCount: {
      lowestMaximumInstanceCount: 40,
      highestMaximumInstanceCount: 1000,
      defaultValue: 100,
    },
    functionAppConfigProperties: {
      runtime: { name: worker, version: linux?.split('|')[1] ?? digitsOf(version) },
    },
  }
}

function digitsOf(version: string): string {
  return version.replace(/[^\d.]/g, '')
}
