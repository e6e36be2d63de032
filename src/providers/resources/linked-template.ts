/**
 * Templates by the id of a template spec's version. What that version keeps beside its main
 * template takes the place of the relative paths that name it. Nothing is fetched from elsewhere.
 */
import { posix } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { readResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { isDeployment } from '../../core/templates/resource-scopes.ts'
import {
  isArray,
  isObject,
  type Json,
  type JsonObject,
  member,
  memberName,
} from '../../core/templates/value.ts'
import type { Lent } from '../provider.ts'
import { templateSpecVersions } from './template-specs.ts'

/** Relative paths may lead in a circle. */
const DEEPEST_PATHS = 20

const schema = z.object({
  properties: z.object({
    mainTemplate: z.record(z.string(), z.unknown()),
    linkedTemplates: z
      .array(z.object({ path: z.string(), template: z.record(z.string(), z.unknown()) }))
      .nullish(),
  }),
})

/** @throws Failure invalid when the id is not that of a version; what reading it throws */
export async function linkedTemplate(call: Call, lent: Lent, text: string): Promise<JsonObject> {
  const id = readResourceId(text)
  if (id?.type.toLowerCase() !== templateSpecVersions.name.toLowerCase()) {
    throw invalidLink(text, 'The id is not that of a version of a template spec.')
  }
  const query = { 'api-version': templateSpecVersions.apiVersions.at(-1) ?? '' }
  const { body } = await lent.manage(call, { method: 'GET', path: id.text, query })
  const read = schema.safeParse(body)
  if (!read.success) throw invalidLink(text, 'The version has no main template.')
  const { mainTemplate, linkedTemplates } = read.data.properties
  const linked = new Map(
    (linkedTemplates ?? []).map(({ path, template }) => [pathOf('', path), template as JsonObject]),
  )
  return joined(mainTemplate as JsonObject, '', linked, 0)
}

/** A template with those it names by relative paths in their places. */
function joined(
  template: JsonObject,
  from: string,
  linked: ReadonlyMap<string, JsonObject>,
  depth: number,
): JsonObject {
  const name = memberName(template, 'resources')
  const resources = name === undefined ? undefined : template[name]
  if (name === undefined || linked.size === 0 || depth > DEEPEST_PATHS) return template
  const join = (resource: Json): Json => joinedResource(resource, from, linked, depth)
  return {
    ...template,
    [name]: isArray(resources)
      ? resources.map(join)
      : Object.fromEntries(
          Object.entries(isObject(resources) ? resources : {}).map(([key, one]) => [
            key,
            join(one),
          ]),
        ),
  }
}

function joinedResource(
  resource: Json,
  from: string,
  linked: ReadonlyMap<string, JsonObject>,
  depth: number,
): Json {
  if (!isObject(resource) || !isDeployment(String(member(resource, 'type')))) return resource
  const properties = member(resource, 'properties')
  if (!isObject(properties)) return resource
  const { templateLink, ...others } = properties
  const relative = isObject(templateLink) ? member(templateLink, 'relativePath') : undefined
  if (typeof relative !== 'string') return resource
  const path = pathOf(from, relative)
  const found = linked.get(path)
  if (!found) throw invalidLink(relative, 'The template spec keeps no template at this path.')
  return {
    ...resource,
    properties: {
      ...others,
      // A linked template sees nothing of the one that names it.
      expressionEvaluationOptions: { scope: 'Inner' },
      template: joined(found, posix.dirname(path), linked, depth + 1),
    },
  }
}

function pathOf(from: string, path: string): string {
  return posix.join(from, path.replaceAll('\\', '/')).toLowerCase()
}

function invalidLink(link: string, reason: string): Failure {
  return new Failure(
    'invalid',
    'InvalidTemplateLink',
    `Unable to process template link '${link}'. ${reason}`,
  )
}
