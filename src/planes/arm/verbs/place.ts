/**
 * A resource into its place: what a PUT and a PATCH do inside their transaction, and what they do
 * again for each child that the body names.
 */
import { Failure } from '../../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../../base/resource-id.ts'
import { callerObjectId } from '../../../core/call.ts'
import { newlyNamed, reconcileIdentity } from '../../../core/identity/reconcile.ts'
import { linkedKeys, replaceLinks } from '../../../core/resources/links.ts'
import { listResources } from '../../../core/resources/lists.ts'
import {
  findResource,
  putResource,
  type Resource,
  resourceExists,
} from '../../../core/resources/resource.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type {
  Asked,
  Beside,
  NamedChildren,
  Settled,
  StoredType,
  Use,
} from '../../../providers/provider.ts'
import { type Asking, actionPrefix } from '../asking.ts'
import { type ReadBody, readBody } from '../body.ts'
import { permitLinked } from '../permit.ts'
import type { Registry } from '../registry.ts'
import { removeWhole } from './remove.ts'

const ASSIGN_IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'

interface Placing {
  readonly type: StoredType
  readonly id: ResourceId
  readonly before: Resource | undefined
  readonly verb: 'PUT' | 'PATCH'
}

export async function place(
  tx: Transaction,
  asking: Asking,
  { type, id, before, verb }: Placing,
  raw: unknown,
): Promise<{ resource: Resource; settled: Settled }> {
  // 1. What is asked for, and may the caller use what it refers to?
  if (!before) checkName(type, id)
  const body = readBody(type, id, raw, before, verb)
  await permitIdentities(tx, type, id, body)
  const uses = type.uses?.(body.asked, before) ?? []
  if (type.uses) await permitUses(tx, asking, { type, id, before, verb }, uses)
  // 2. The provider decides; the engine stores.
  const settled = await type.settle(tx, body.asked, before, asking.query)
  const resource = next(tx, before, id, type, body.asked, settled)
  await putResource(tx, resource)
  const beside = settled.beside ?? []
  await placeBeside(tx, asking, type, id, beside)
  if (type.uses)
    await replaceLinks(tx, resource.id, [
      ...uses.filter(({ once }) => !once),
      ...linksTo(id, beside),
    ])
  if (body.identity) await reconcileIdentity(tx, resource.id, body.identity, verb)
  // 3. What the body names inside it.
  for (const named of settled.children ?? []) await placeChildren(tx, asking, resource.id, named)
  return { resource, settled }
}

async function permitIdentities(
  tx: Transaction,
  type: StoredType,
  id: ResourceId,
  body: ReadBody,
): Promise<void> {
  if (!body.identity) return
  const named = await newlyNamed(tx, id, body.identity)
  const links = named.map((scope) => ({ action: ASSIGN_IDENTITY, scope }))
  await permitLinked(tx, { action: writeOf(type), scope: id }, links)
}

/**
 * What it refers to newly must be there, and be the caller's to use.
 * @throws Failure invalid `InvalidResourceReference`, forbidden `LinkedAuthorizationFailed`
 */
async function permitUses(
  tx: Transaction,
  { registry }: Asking,
  { type, id, before }: Placing,
  uses: readonly Use[],
): Promise<void> {
  const already = await linkedKeys(tx, id)
  const had = new Set(before ? usesBefore(type, before).map(meaningOf) : [])
  const added = uses.filter(
    (use) => use.once || !already.has(use.to.key) || !had.has(meaningOf(use)),
  )
  const links = added.flatMap(({ action, to }) => (action ? [{ action, scope: to }] : []))
  await permitLinked(tx, { action: writeOf(type), scope: id }, links)
  for (const { from, to } of added) {
    if ((await resourceExists(tx, to)) || (await isPart(tx, registry, to))) continue
    throw new Failure(
      'invalid',
      'InvalidResourceReference',
      `Resource ${to.text} referenced by resource ${from} was not found. Please make sure that the ` +
        'referenced resource exists, and that both resources are in the same region.',
    )
  }
}

/** What it referred to, and as what: whoever might only stand beside something may not join it yet. */
function usesBefore(type: StoredType, before: Resource): readonly Use[] {
  try {
    return type.uses?.(readBody(type, before.id, {}, before, 'PATCH').asked, before) ?? []
  } catch (reason) {
    // What cannot be read any more permits nothing.
    if (reason instanceof Failure) return []
    throw reason
  }
}

function meaningOf({ to, action }: Use): string {
  return `${action?.toLowerCase() ?? ''} ${to.key}`
}

/** Whether the id names a part of a resource whose type keeps such parts inside itself. */
async function isPart(tx: Transaction, registry: Registry, part: ResourceId): Promise<boolean> {
  const whole = part.parent && (await findResource(tx, part.parent))
  const type = whole && registry.find(whole.type)
  const parts = type?.kind === 'stored' ? (type.parts?.(whole as Resource) ?? []) : []
  return parts.some(({ key }) => key === part.key)
}

/** What comes with a resource is written only by those who may write it by itself. */
async function placeBeside(
  tx: Transaction,
  asking: Asking,
  type: StoredType,
  id: ResourceId,
  beside: readonly Beside[],
): Promise<void> {
  const written = beside.map((one) => ({ ...one, type: storedNamed(asking, one.id.type) }))
  const links = written.map((one) => ({ action: writeOf(one.type), scope: one.id }))
  await permitLinked(tx, { action: writeOf(type), scope: id }, links)
  for (const one of written) {
    const before = await findResource(tx, one.id)
    await place(tx, asking, { type: one.type, id: one.id, before, verb: 'PUT' }, one.body)
  }
}

function linksTo({ text: from }: ResourceId, beside: readonly Beside[]): Use[] {
  return beside.map(({ id: to }) => ({ from, to }))
}

async function placeChildren(
  tx: Transaction,
  asking: Asking,
  parent: ResourceId,
  named: NamedChildren,
): Promise<void> {
  const type = storedNamed(asking, named.type)
  const segment = type.name.slice(type.name.lastIndexOf('/') + 1)
  const idOf = (name: string) => childId(type, parseResourceId(`${parent.text}/${segment}/${name}`))
  const kept = new Set(named.items.map(({ name }) => idOf(name).key))
  const there = await listResources(tx, {
    parentKey: parent.key,
    types: [type.name.toLowerCase()],
  })
  for (const child of there.items) {
    if (!kept.has(child.id.key)) await removeWhole(tx, asking.registry, child)
  }
  for (const { name, body } of named.items) {
    const id = idOf(name)
    const before = await findResource(tx, id)
    await place(tx, asking, { type, id, before, verb: 'PUT' }, body)
  }
}

function storedNamed({ registry }: Asking, name: string): StoredType {
  const type = registry.find(name)
  if (type?.kind === 'stored') return type
  throw new Error(`there is no type ${name}`)
}

/** A name from a body is one segment, or it would name something else. */
function childId(type: StoredType, id: ResourceId): ResourceId {
  if (id.type.toLowerCase() === type.name.toLowerCase()) return id
  throw new Failure('invalid', 'InvalidResourceName', `Resource name '${id.text}' is invalid.`)
}

function writeOf(type: StoredType): string {
  return `${actionPrefix(type)}/write`
}

function checkName(type: StoredType, id: ResourceId): void {
  const { pattern, code, message } = type.names
  if (pattern.test(id.name)) return
  throw new Failure(
    'invalid',
    code ?? 'InvalidResourceName',
    message?.replace('{name}', id.name) ??
      `Resource name '${id.name}' is invalid: it must match the pattern ${pattern.source}.`,
    { target: 'name' },
  )
}

function next(
  tx: Transaction,
  before: Resource | undefined,
  id: ResourceId,
  type: StoredType,
  asked: Asked<unknown>,
  settled: Settled,
): Resource {
  return {
    id: before?.id ?? id,
    type: type.name.toLowerCase(),
    location: asked.location,
    kind: settled.kind ?? asked.kind,
    tags: settled.tags ?? asked.tags,
    sku: settled.sku ?? asked.sku,
    envelope: settled.envelope ?? asked.envelope,
    properties: settled.properties,
    state: settled.state ?? before?.state ?? {},
    provisioningState: settled.later?.provisioningState ?? 'Succeeded',
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? tx.now,
    createdBy: before ? before.createdBy : callerObjectId(tx),
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  }
}
