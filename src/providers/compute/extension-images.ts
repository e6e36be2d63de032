/** The catalogue of extensions: types of a publisher, and versions of a type. */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { DerivedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { EXTENSION_TYPES, type ExtensionType } from './extension-table.ts'
import { bare, cut } from './images.ts'
import { namedSegments } from './named-segments.ts'

const TYPES = 'Microsoft.Compute/locations/publishers/artifacttypes/types'

const catalogue = {
  kind: 'derived',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'subscription',
} as const

export const extensionTypes: DerivedType = {
  ...catalogue,
  name: TYPES,
  async list(_call, scope) {
    const types = matching(scope).map(({ type }) => type)
    return bare(types, scope, 'types')
  },
}

export const extensionVersions: DerivedType = {
  ...catalogue,
  name: `${TYPES}/versions`,
  async list(_call, scope, query) {
    return bare(cut(matching(scope)[0]?.versions ?? [], query), scope, 'versions')
  },
  async get(_call, id) {
    const [found] = matching(id)
    const { versions: version = '', locations: location } = namedSegments(id)
    if (!found?.versions.includes(version)) throw noExtension()
    return {
      status: 200,
      body: {
        id: id.text,
        name: version,
        location,
        properties: {
          operatingSystem: found.system,
          computeRole: 'IaaS',
          vmScaleSetEnabled: true,
          supportsMultipleExtensions: false,
        },
      },
    }
  },
}

/** @throws Failure missing when no extension fits what the path names */
function matching(scope: ResourceId): ExtensionType[] {
  const at = namedSegments(scope)
  const fits = (given: string | undefined, own: string) =>
    given === undefined || given.toLowerCase() === own.toLowerCase()
  const found = EXTENSION_TYPES.filter(
    ({ publisher, type }) => fits(at.publishers, publisher) && fits(at.types, type),
  )
  if (at.artifacttypes?.toLowerCase() !== 'vmextension' || found.length === 0) throw noExtension()
  return found
}

function noExtension(): Failure {
  return new Failure('missing', 'NotFound', 'Artifact: VMExtension was not found.')
}
