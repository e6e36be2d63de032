/** The bodies of management groups: which name and which parent they ask for. */
import { z } from 'zod'
import { isManagementGroup, type ResourceId, readResourceId } from '../../base/resource-id.ts'
import { badRequest } from './group-document.ts'

export interface AskedGroup {
  readonly displayName: string | undefined
  readonly parent: ResourceId | undefined
}

/** What clients send back of an answer; it changes nothing. */
const echoed = z.unknown().optional()
const text = z.string().nullish()
const parent = z.strictObject({ id: text, name: echoed, displayName: echoed })
const details = z.strictObject({
  parent: parent.nullish(),
  version: echoed,
  updatedTime: echoed,
  updatedBy: echoed,
})
const putBody = z.strictObject({
  id: echoed,
  type: echoed,
  name: text,
  properties: z
    .strictObject({
      displayName: text,
      details: details.nullish(),
      tenantId: echoed,
      children: echoed,
      roles: echoed,
    })
    .nullish(),
})
const patchBody = z.strictObject({ displayName: text, parentGroupId: text })

/** @throws Failure invalid `BadRequest` */
export function readPut(id: ResourceId, body: unknown): AskedGroup {
  const { name, properties } = readBody(putBody, body)
  if (name && name.toLowerCase() !== id.name.toLowerCase()) {
    throw badRequest(`The name '${name}' of the body is not '${id.name}', as the address says.`)
  }
  return asked(properties?.displayName, properties?.details?.parent?.id)
}

/** @throws Failure invalid `BadRequest` */
export function readPatch(body: unknown): AskedGroup {
  const { displayName, parentGroupId } = readBody(patchBody, body)
  return asked(displayName, parentGroupId)
}

function asked(
  displayName: string | null | undefined,
  parentId: string | null | undefined,
): AskedGroup {
  return { displayName: displayName || undefined, parent: parentId ? groupId(parentId) : undefined }
}

/** The parent that a body of either kind names; what cannot be read is refused when it is done. */
export function askedParent(body: unknown): ResourceId | undefined {
  const put = putBody.safeParse(body)
  const patch = patchBody.safeParse(body)
  const given = put.success ? put.data.properties?.details?.parent?.id : patch.data?.parentGroupId
  return given ? readGroupId(given) : undefined
}

/** @throws Failure invalid `BadRequest` */
export function groupId(given: string): ResourceId {
  const id = readGroupId(given)
  if (id) return id
  throw badRequest(`'${given}' is not the id of a management group.`)
}

function readGroupId(given: string): ResourceId | undefined {
  const id = readResourceId(given)
  return id && isManagementGroup(id) ? id : undefined
}

/** @throws Failure invalid `BadRequest`, naming the first member that is wrong */
export function readBody<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw badRequest(`The request body is not valid: '${issue?.path.join('.')}': ${issue?.message}.`)
}
