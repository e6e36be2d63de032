/**
 * `{scope}/providers/Microsoft.Resources/tags/default`: the tags of a scope as a resource of their
 * own, changed by whoever may tag without being allowed to write the resource.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { isManagementGroup, type ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { findResource, putResource, type Resource } from '../../core/resources/resource.ts'
import { readTags, type Tags } from '../../core/resources/tags.ts'
import type { Transaction } from '../../core/transaction.ts'
import { oneOf } from '../one-of.ts'
import type { Answer, DerivedType } from '../provider.ts'
import { RESOURCES_API_VERSIONS } from './api-versions.ts'

/** Members of answers, which clients send back; they change nothing. */
const echoed = {
  id: z.unknown().optional(),
  name: z.unknown().optional(),
  type: z.unknown().optional(),
}
const properties = z.strictObject({ tags: z.unknown() })
const putBody = z.strictObject({ ...echoed, properties })
const patchBody = z.strictObject({
  ...echoed,
  operation: oneOf(['Merge', 'Replace', 'Delete']),
  properties,
})

export const tagsType: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Resources/tags',
  apiVersions: RESOURCES_API_VERSIONS,
  place: 'extension',
  async get(call, id) {
    return { status: 200, body: shown(id, (await tagged(call, id)).tags ?? {}) }
  },
  async put(tx, id, body) {
    const { properties } = read(putBody, body)
    return keep(tx, id, readTags(properties.tags) ?? {})
  },
  async patch(tx, id, body) {
    const { operation, properties } = read(patchBody, body)
    const given = readTags(properties.tags) ?? {}
    const before = (await tagged(tx, id)).tags ?? {}
    return keep(tx, id, combined(operation, before, given))
  },
  async remove(tx, id) {
    await keep(tx, id, {})
    return { status: 200 }
  },
}

/** Names of tags ignore case. Delete takes away those whose name and value both fit. */
function combined(operation: 'Merge' | 'Replace' | 'Delete', before: Tags, given: Tags): Tags {
  if (operation === 'Replace') return given
  const names = new Map(Object.keys(given).map((name) => [name.toLowerCase(), name]))
  const kept = Object.entries(before).filter(([name, value]) => {
    const match = names.get(name.toLowerCase())
    return match === undefined || (operation === 'Delete' && given[match] !== value)
  })
  return { ...Object.fromEntries(kept), ...(operation === 'Merge' ? given : {}) }
}

async function tagged(call: Call, id: ResourceId): Promise<Resource> {
  if (id.name.toLowerCase() !== 'default') {
    throw new Failure('invalid', 'InvalidTagsName', "The tags resource is always named 'default'.")
  }
  if (id.parent && isManagementGroup(id.parent)) {
    throw new Failure('invalid', 'InvalidTagsScope', 'A management group cannot have tags.')
  }
  const resource = id.parent && (await findResource(call, id.parent))
  if (resource) return resource
  throw new Failure('missing', 'ResourceNotFound', `The scope '${id.parent?.text}' was not found.`)
}

async function keep(tx: Transaction, id: ResourceId, tags: Tags): Promise<Answer> {
  const checked = readTags(tags) ?? {}
  const resource = await tagged(tx, id)
  await putResource(tx, {
    ...resource,
    tags: checked,
    version: resource.version + 1,
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  })
  return { status: 200, body: shown(id, checked) }
}

function shown(id: ResourceId, tags: Tags): object {
  return { id: id.text, name: 'default', type: 'Microsoft.Resources/tags', properties: { tags } }
}

function read<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new Failure(
    'invalid',
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${parsed.error.issues[0]?.message}'.`,
  )
}
