/**
 * The catalogue of images, one list for each step from a location to a version. Its answers are bare
 * arrays, as Azure's are.
 */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Answer, DerivedType, Query } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { EXTENSION_TYPES } from './extension-table.ts'
import { IMAGES, type Image } from './image-table.ts'
import { namedSegments } from './named-segments.ts'

const PUBLISHERS = 'Microsoft.Compute/locations/publishers'
const ARTIFACTS = `${PUBLISHERS}/artifacttypes`

const catalogue = {
  kind: 'derived',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'subscription',
} as const

export const publishers: DerivedType = {
  ...catalogue,
  name: PUBLISHERS,
  async list(_call, scope) {
    const known = [...IMAGES, ...EXTENSION_TYPES].map(({ publisher }) => publisher)
    return bare([...new Set(known)].sort(), scope, 'publishers')
  },
}

export const offers: DerivedType = {
  ...catalogue,
  name: `${ARTIFACTS}/offers`,
  list: async (_call, scope) => bare(named(scope, 'offer'), scope, 'offers'),
}

export const imageSkus: DerivedType = {
  ...catalogue,
  name: `${ARTIFACTS}/offers/skus`,
  list: async (_call, scope) => bare(named(scope, 'sku'), scope, 'skus'),
}

export const versions: DerivedType = {
  ...catalogue,
  name: `${ARTIFACTS}/offers/skus/versions`,
  async list(_call, scope, query) {
    const [image] = matching(scope)
    const all = cut(image?.versions ?? [], query)
    const expanded = /properties/i.test(query.$expand ?? '')
    return {
      status: 200,
      body: all.map((version) => ({
        ...item(scope, 'versions', version),
        ...(expanded && image && { properties: details(image) }),
      })),
    }
  },
  async get(_call, id) {
    const { versions: wanted } = namedSegments(id)
    const [image] = matching(id)
    const version = image?.versions.find((one) => one === wanted?.toLowerCase())
    if (!image || version === undefined) throw noImage()
    const { locations: location } = namedSegments(id)
    return {
      status: 200,
      body: { id: id.text, name: version, location, properties: details(image) },
    }
  },
}

function details({ system, generation }: Image): object {
  return {
    osDiskImage: { operatingSystem: system, sizeInGb: 31 },
    dataDiskImages: [],
    hyperVGeneration: generation,
    architecture: 'x64',
    features: [{ name: 'IsAcceleratedNetworkSupported', value: 'True' }],
    automaticOSUpgradeProperties: { automaticOSUpgradeSupported: false },
    imageDeprecationStatus: { imageState: 'Active' },
  }
}

/** The images that fit what the path names. @throws Failure missing when there is none */
function matching(scope: ResourceId): Image[] {
  const at = namedSegments(scope)
  const fits = (given: string | undefined, own: string) =>
    given === undefined || given.toLowerCase() === own.toLowerCase()
  const found = IMAGES.filter(
    ({ publisher, offer, sku }) =>
      fits(at.publishers, publisher) && fits(at.offers, offer) && fits(at.skus, sku),
  )
  if (at.artifacttypes?.toLowerCase() !== 'vmimage' || found.length === 0) throw noImage()
  return found
}

function noImage(): Failure {
  return new Failure('missing', 'NotFound', 'Artifact: VMImage was not found.')
}

function named(scope: ResourceId, member: 'offer' | 'sku'): string[] {
  return [...new Set(matching(scope).map((image) => image[member]))].sort()
}

/** `$orderby=name desc` and `$top`. */
export function cut(names: readonly string[], query: Query): string[] {
  const descending = /desc/i.test(query.$orderby ?? '')
  const sorted = descending ? names.toReversed() : [...names]
  const top = Number(query.$top ?? sorted.length)
  return Number.isInteger(top) && top >= 0 ? sorted.slice(0, top) : sorted
}

export function bare(names: readonly string[], scope: ResourceId, segment: string): Answer {
  return { status: 200, body: names.map((name) => item(scope, segment, name)) }
}

function item(scope: ResourceId, segment: string, name: string): Record<string, unknown> {
  const { locations: location } = namedSegments(scope)
  return { id: `${scope.text}/${segment}/${name}`, name, location }
}
