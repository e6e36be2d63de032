/**
 * What a deployment would change: it is rehearsed. Every resource is written as the caller would
 * write it, in a transaction that is undone, and its document after is held against the one before:
 * so that what is only written, what is filled in and what a type puts in its own order is no
 * change. What the rehearsal cannot write is compared as the template has it.
 */
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { DEPLOYMENT_TYPE } from '../../core/deployments/deployment.ts'
import { listResources } from '../../core/resources/lists.ts'
import { NEWEST_API_VERSION } from '../../core/templates/functions/references.ts'
import { isArray, type Json, type JsonObject, member } from '../../core/templates/value.ts'
import { rehearsal, type Transaction } from '../../core/transaction.ts'
import { type Lent, NOT_REHEARSED } from '../provider.ts'
import type { Prepared } from './deployment-preparation.ts'
import { type Rehearsed, readOrNothing, rehearse, shownWith } from './deployment-rehearsal.ts'
import { comparable, differences, named, type PropertyChange } from './document-differences.ts'

export interface Change {
  readonly resourceId: string
  readonly changeType: 'Create' | 'Modify' | 'NoChange' | 'Deploy' | 'Delete' | 'Ignore'
  readonly before?: Json
  readonly after?: Json
  readonly delta?: readonly PropertyChange[]
}

interface Diagnostic {
  readonly level: 'Warning'
  readonly code: string
  readonly message: string
  readonly target: string
}

export interface WhatIf {
  readonly changes: readonly Change[]
  readonly diagnostics?: readonly Diagnostic[]
}

/** @param tx is undone when the answer is there */
export async function whatIf(tx: Transaction, lent: Lent, prepared: Prepared): Promise<WhatIf> {
  // 1. Which resources there are, templates inside included, and how they and the others are now.
  const trial = await rehearsal(tx, (first) => rehearse(first, lent, prepared))
  const before = new Map<string, JsonObject | undefined>()
  for (const { resource } of trial.steps) {
    const { id, apiVersion, key } = resource
    before.set(key, await readOrNothing(tx, lent, id, apiVersion))
  }
  const own = await othersOf(tx, lent, prepared.id.parent, before)
  const beside: JsonObject[] = []
  for (const group of trial.groups) beside.push(...(await othersOf(tx, lent, group, before)))
  // 2. How they would be.
  const { steps } = await rehearse(tx, lent, prepared)
  const changes: Change[] = []
  for (const step of steps) changes.push(await changeOf(tx, lent, step, before))
  // 3. What the template says nothing of: Complete deletes it from the deployment's own group.
  const isComplete = prepared.asked.mode === 'Complete'
  for (const one of own) {
    // What another resource manages, such as a machine its disk, stays with that.
    const goes = isComplete && !before.has(String(one.managedBy).toLowerCase())
    changes.push(untouched(one, goes ? 'Delete' : 'Ignore'))
  }
  for (const one of beside) changes.push(untouched(one, 'Ignore'))
  const diagnostics = steps.flatMap(diagnosticOf)
  return { changes, ...(diagnostics.length > 0 && { diagnostics }) }
}

/** Which resources, and what becomes of them: no documents. */
export function withIdsOnly({ changes, ...others }: WhatIf): WhatIf {
  return {
    ...others,
    changes: changes.map(({ resourceId, changeType }) => ({
      resourceId,
      changeType: changeType === 'Modify' ? 'Deploy' : changeType,
    })),
  }
}

async function changeOf(
  tx: Transaction,
  lent: Lent,
  step: Rehearsed,
  all: ReadonlyMap<string, JsonObject | undefined>,
): Promise<Change> {
  const { id, key, apiVersion, resourceId, name } = step.resource
  const head = { id, apiVersion, type: resourceId.type, name }
  const was = all.get(key)
  if (!was) return { resourceId: id, changeType: 'Create', after: { ...head, ...step.draft } }
  const before = { apiVersion, ...(comparable(was) as JsonObject) }
  const shown = { resourceId: String(was.id ?? id), before }
  const now = step.refusal ? undefined : await readOrNothing(tx, lent, id, apiVersion)
  if (!now) {
    const after = { ...before, ...step.draft }
    const delta = differences(named(before, step.draft) as JsonObject, step.draft)
    return { ...shown, changeType: delta.length > 0 ? 'Modify' : 'NoChange', after, delta }
  }
  const after = { apiVersion, ...(comparable(now) as JsonObject) }
  const delta = differences(before, after)
  const lasting = delta.length === 0 ? [] : await withoutVolatile(tx, lent, step, after, delta)
  const changeType = lasting.length > 0 ? 'Modify' : 'NoChange'
  // What the caller could read before is the caller's to see; what it hands in secret is nobody's.
  return { ...shown, changeType, ...shownWith({ after, delta: lasting }, step.stars) }
}

/** What would change with every write, such as the number of a version, is no change. */
async function withoutVolatile(
  tx: Transaction,
  lent: Lent,
  { resource, again, draft }: Rehearsed,
  after: JsonObject,
  delta: readonly PropertyChange[],
): Promise<readonly PropertyChange[]> {
  if (delta.every(({ path }) => names(draft, path))) return delta
  await again()
  const later = await readOrNothing(tx, lent, resource.id, resource.apiVersion)
  const restless = new Set(
    differences(after, {
      apiVersion: resource.apiVersion,
      ...(comparable(later ?? {}) as object),
    }).map(({ path }) => path),
  )
  return delta.filter(({ path }) => !restless.has(path))
}

/** Whether the template itself says something at the path. */
function names(draft: Json, path: string): boolean {
  let at: Json | undefined = draft
  for (const name of path.split('.')) {
    at = typeof at === 'object' && at !== null && !isArray(at) ? member(at, name) : undefined
    if (at === undefined) return false
  }
  return true
}

/** What lives beside resources and not among them. */
const KEPT: ReadonlySet<string> = new Set([DEPLOYMENT_TYPE, 'microsoft.authorization/locks'])

/** What else is in the group, as far as the caller may read it. */
async function othersOf(
  tx: Transaction,
  lent: Lent,
  group: ResourceId | undefined,
  written: ReadonlyMap<string, unknown>,
): Promise<JsonObject[]> {
  if (!group?.resourceGroup) return []
  const found: JsonObject[] = []
  let after: string | undefined
  do {
    const page = await listResources(tx, { parentKey: group.key, after })
    for (const { id: other, type } of page.items) {
      if (written.has(other.key) || KEPT.has(type)) continue
      const document = await readIfPermitted(tx, lent, other)
      if (document) found.push(document)
    }
    after = page.next
  } while (after !== undefined)
  return found
}

async function readIfPermitted(tx: Transaction, lent: Lent, { text }: ResourceId) {
  try {
    return await readOrNothing(tx, lent, text, NEWEST_API_VERSION)
  } catch (reason) {
    if (reason instanceof Failure && reason.fault === 'forbidden') return undefined
    throw reason
  }
}

function untouched(document: JsonObject, changeType: 'Delete' | 'Ignore'): Change {
  const before = comparable(document)
  const { text } = parseResourceId(String(document.id))
  return { resourceId: text, changeType, before, ...(changeType === 'Ignore' && { after: before }) }
}

function diagnosticOf({ resource, refusal }: Rehearsed): Diagnostic[] {
  if (!refusal || refusal.code === NOT_REHEARSED) return []
  const { code, message } = refusal
  return [{ level: 'Warning', code, message, target: resource.id }]
}
