/**
 * Template specs: templates kept as resources, with a version each, to be deployed by their id.
 */
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import type { Call } from '../../core/call.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type Query, storedType } from '../provider.ts'

const API_VERSIONS: readonly string[] = [
  '2019-06-01-preview',
  '2021-03-01-preview',
  '2021-05-01',
  '2022-02-01',
]
const names = {
  pattern: /^[-\w._()]{1,90}$/,
  code: 'InvalidTemplateSpecName',
  message:
    "The template spec name '{name}' is not valid: it has 1 to 90 letters, digits, '-', '_', '.', '(' and ')'.",
} as const

const document = z.record(z.string(), z.unknown())
const spec = z.strictObject({
  displayName: z.string().max(64).nullish(),
  description: z.string().max(4096).nullish(),
  metadata: document.nullish(),
  versions: z.unknown().optional(),
})
const version = z.strictObject({
  description: z.string().max(4096).nullish(),
  metadata: document.nullish(),
  mainTemplate: document.nullish(),
  uiFormDefinition: document.nullish(),
  linkedTemplates: z.array(z.strictObject({ path: z.string(), template: document })).nullish(),
})

export const templateSpecs = storedType<z.infer<typeof spec>>({
  kind: 'stored',
  name: 'Microsoft.Resources/templateSpecs',
  apiVersions: API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names,
  properties: spec,
  shows: { systemData: true, provisioningState: false, tags: 'always' },
  async settle(_tx, { properties }) {
    return { properties: given({ ...properties, versions: undefined }) }
  },
  async shown(call, resource, query) {
    if (!wantsVersions(query)) return resource.properties
    return { ...resource.properties, versions: await versionsOf(call, resource) }
  },
})

export const templateSpecVersions = storedType<z.infer<typeof version>>({
  kind: 'stored',
  name: 'Microsoft.Resources/templateSpecs/versions',
  apiVersions: API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { ...names, code: 'InvalidTemplateSpecVersionName' },
  properties: version,
  shows: { systemData: true, provisioningState: false, tags: 'always' },
  async settle(_tx, { properties }) {
    return { properties: { linkedTemplates: [], ...given(properties) } }
  },
})

function wantsVersions({ $expand = '' }: Query): boolean {
  return $expand.toLowerCase() === 'versions'
}

async function versionsOf(call: Call, { id }: Resource): Promise<Record<string, unknown>> {
  const types = [templateSpecVersions.name.toLowerCase()]
  const { items } = await listResources(call, { types, parentKey: id.key })
  return Object.fromEntries(
    items.map((one) => [
      one.id.name,
      {
        ...(one.properties.description !== undefined && {
          description: one.properties.description,
        }),
        timeCreated: isoSevenDigits(one.createdAt),
        timeModified: isoSevenDigits(one.changedAt),
      },
    ]),
  )
}

/** Clients send null for what they do not set. */
function given(properties: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined && value !== null),
  )
}
