/**
 * The types Resource Manager knows, by name, and the rule for api-versions.
 */
import { Failure } from '../../base/failure.ts'
import type { Provider, Query, Type } from '../../providers/provider.ts'
import { RESOURCES_API_VERSIONS } from '../../providers/resources/api-versions.ts'

export interface Registry {
  readonly providers: readonly Provider[]
  /** @throws Failure missing `InvalidResourceNamespace` or `InvalidResourceType` */
  type(name: string, apiVersion: string): Type
  find(name: string): Type | undefined
  provider(namespace: string): Provider | undefined
}

export function openRegistry(providers: readonly Provider[]): Registry {
  const types = new Map<string, Type>()
  const byNamespace = new Map<string, Provider>()
  for (const provider of providers) {
    byNamespace.set(provider.namespace.toLowerCase(), provider)
    for (const type of provider.types) types.set(type.name.toLowerCase(), type)
  }
  const find = (name: string) => types.get(name.toLowerCase())
  const provider = (namespace: string) => byNamespace.get(namespace.toLowerCase())
  return {
    providers,
    find,
    provider,
    type(name, apiVersion) {
      const type = find(name)
      if (type) return type
      const slash = name.indexOf('/')
      const namespace = slash < 0 ? name : name.slice(0, slash)
      if (!provider(namespace)) {
        throw new Failure(
          'missing',
          'InvalidResourceNamespace',
          `The resource namespace '${namespace}' is invalid.`,
        )
      }
      throw new Failure(
        'missing',
        'InvalidResourceType',
        `The resource type '${name.slice(slash + 1)}' could not be found in the namespace ` +
          `'${namespace}' for api version '${apiVersion}'.`,
      )
    },
  }
}

const VERSION = /^\d{4}-\d{2}-\d{2}(-[a-z]+[a-z0-9.]*)?$/i

/** @throws Failure invalid when there is none, or it has not the form of one */
export function readApiVersion(query: Query): string {
  const version = query['api-version']
  if (version === undefined || version === '') {
    throw new Failure(
      'invalid',
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    )
  }
  if (!VERSION.test(version)) {
    throw new Failure(
      'invalid',
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are of the form ` +
        `'yyyy-MM-dd' or 'yyyy-MM-dd-preview'.`,
    )
  }
  return version.toLowerCase()
}

/**
 * The same, for the paths that belong to no type: their versions are those of Resource Manager.
 * @throws Failure invalid, as `readApiVersion`, and when the version is older than all of them
 */
export function readOwnApiVersion(query: Query): string {
  const version = readApiVersion(query)
  const oldest = RESOURCES_API_VERSIONS[0] ?? ''
  if (version.slice(0, 10) >= oldest.slice(0, 10)) return version
  throw new Failure(
    'invalid',
    'InvalidApiVersionParameter',
    `The api-version '${version}' is invalid. The supported versions are ` +
      `'${RESOURCES_API_VERSIONS.toReversed().join(',')}'.`,
  )
}

/**
 * A version older than the oldest a type lists is refused. Unlisted later ones are answered like
 * the listed version before them: clients move to new versions faster than any list can.
 * @throws Failure invalid `NoRegisteredProviderFound`
 */
export function refuseOldVersion(type: Type, version: string, location = ''): void {
  const oldest = type.apiVersions[0] ?? ''
  if (version.slice(0, 10) >= oldest.slice(0, 10)) return
  throw new Failure(
    'invalid',
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and API version '${version}' ` +
      `for type '${type.name.slice(type.name.indexOf('/') + 1)}'. The supported api-versions are ` +
      `'${type.apiVersions.toReversed().join(', ')}'. The supported locations are ''.`,
  )
}
