/** The bodies of management groups: which name and which parent they ask for. */
import { z } from 'zod'
import { isManagementGroup, type ResourceId, readResourceId } from '../../base/resource-id.ts'
import { badRequest } from './group-document.ts'

export interface AskedGroup {
  readonly displayName: string | undefined
  readonly parent: ResourceId | undefined
}

const text = z.string().nullish()
/** The rest of an answer, which clients send back, changes nothing. */
const putBody = z.looseObject({
  name: text,
  properties: z
    .looseObject({
      displayName: text,
      details: z.looseObject({ parent: z.looseObject({ id: text }).nullish() }).nullish(),
    })
    .nullish(),
})
const patchBody = z.looseObject({ displayName: text, parentGroupId: text })

/** @throws Failure invalid `BadRequest` */
export function readPut(id: ResourceId, body: unknown): AskedGroup {
  const { name, properties } = read(putBody, body ?? {})
  if (name && name.toLowerCase() !== id.name.toLowerCase()) {
    throw badRequest(`The name '${name}' of the body is not '${id.name}', as the address says.`)
  }
  return asked(properties?.displayName, properties?.details?.parent?.id)
}

/** @throws Failure invalid `BadRequest` */
export function readPatch(body: unknown): AskedGroup {
  const { displayName, parentGroupId } = read(patchBody, body)
  return asked(displayName, parentGroupId)
}

function asked(
  displayName: string | null | undefined,
  parentId: string | null | undefined,
): AskedGroup {
  return { displayName: displayName || undefined, parent: parentId ? groupId(parentId) : undefined }
}

/** @throws Failure invalid `BadRequest` */
export function groupId(given: string): ResourceId {
  const id = readResourceId(given)
  if (id && isManagementGroup(id)) return id
  throw badRequest(`'${given}' is not the id of a management group.`)
}

function read<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw badRequest(`The request body is not valid: ${issue?.path.join('.')}: ${issue?.message}`)
}
