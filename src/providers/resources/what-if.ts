/** What a deployment would change: each resource of the template beside the one that is there. */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { DEPLOYMENT_TYPE, type Mode } from '../../core/deployments/deployment.ts'
import { listResources } from '../../core/resources/lists.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import type { Plan, PlannedResource } from '../../core/templates/plan.ts'
import {
  isArray,
  isEqual,
  isObject,
  type Json,
  type JsonObject,
  member,
} from '../../core/templates/value.ts'

export interface Change {
  readonly resourceId: string
  readonly changeType: 'Create' | 'Modify' | 'NoChange' | 'Deploy' | 'Delete' | 'Ignore'
  readonly before?: Json
  readonly after?: Json
  readonly delta?: readonly PropertyChange[]
}

interface PropertyChange {
  readonly path: string
  readonly propertyChangeType: 'Create' | 'Modify'
  readonly before: Json
  readonly after: Json
}

export async function whatIf(
  call: Call,
  id: ResourceId,
  mode: Mode,
  plan: Plan,
): Promise<Change[]> {
  const written = plan.resources.filter(({ deployed }) => deployed)
  const changes = await Promise.all(written.map((resource) => changeOf(call, plan, resource)))
  return [...changes, ...(await others(call, id, mode, written))]
}

async function changeOf(call: Call, plan: Plan, resource: PlannedResource): Promise<Change> {
  const before = await findResource(call, resource.resourceId)
  const outcome = plan.body(resource, () => undefined)
  // What hangs on facts of the running estate is only known when it is deployed.
  const body = outcome.kind === 'known' ? outcome.value : undefined
  const after = { ...headOf(resource), ...body }
  if (!before) return { resourceId: resource.id, changeType: 'Create', after }
  const was = shown(before)
  if (!body) return { resourceId: before.id.text, changeType: 'Deploy' }
  const delta = differences(body, was, '')
  const changeType = delta.length > 0 ? 'Modify' : 'NoChange'
  return { resourceId: before.id.text, changeType, before: was, after, delta }
}

/** Complete deletes what a template leaves out; Incremental leaves it alone. */
async function others(
  call: Call,
  { parent }: ResourceId,
  mode: Mode,
  written: readonly PlannedResource[],
): Promise<Change[]> {
  if (!parent?.resourceGroup) return []
  const named = new Set(written.map(({ key }) => key))
  const { items } = await listResources(call, { parentKey: parent.key })
  return items
    .filter(({ id, type }) => !named.has(id.key) && type !== DEPLOYMENT_TYPE)
    .map((resource) => ({
      resourceId: resource.id.text,
      changeType: mode === 'Complete' ? 'Delete' : 'Ignore',
      before: shown(resource),
    }))
}

function headOf({ id, apiVersion, resourceId, name }: PlannedResource): JsonObject {
  return { id, apiVersion, type: resourceId.type, name }
}

function shown({ id, location, tags, kind, sku, properties }: Resource): JsonObject {
  return JSON.parse(
    JSON.stringify({
      id: id.text,
      type: id.type,
      name: id.name,
      location,
      tags,
      kind,
      sku,
      properties,
    }),
  )
}

/** Only what the template names is compared: the rest stays as the resource has it. */
function differences(after: Json, before: Json | undefined, path: string): PropertyChange[] {
  if (after === null) return []
  if (isObject(after) && (isObject(before) || before === undefined)) {
    return Object.entries(after).flatMap(([name, item]) =>
      differences(item, before && member(before, name), path === '' ? name : `${path}.${name}`),
    )
  }
  if (before !== undefined && isSame(after, before)) return []
  const propertyChangeType = before === undefined ? 'Create' : 'Modify'
  return [{ path, propertyChangeType, before: before ?? null, after }]
}

function isSame(after: Json, before: Json): boolean {
  if (isArray(after) && isArray(before)) {
    return (
      after.length === before.length &&
      after.every((item, at) => differences(item, before[at], '').length === 0)
    )
  }
  if (typeof after === 'string' && typeof before === 'string') {
    return after.replaceAll(' ', '').toLowerCase() === before.replaceAll(' ', '').toLowerCase()
  }
  return isEqual(after, before)
}
