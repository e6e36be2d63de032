/**
 * `/subscriptions/{id}/tagNames`: the tag names that a subscription offers and uses, and their values.
 */
import { Failure } from '../../../base/failure.ts'
import type { ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import type { Call } from '../../../core/call.ts'
import { refuseLocked } from '../../../core/resources/locks.ts'
import {
  offerTag,
  type TagName,
  type TagValue,
  tagNames,
  withdrawTag,
} from '../../../core/resources/predefined-tags.ts'
import { readTags } from '../../../core/resources/tags.ts'
import { type Transaction, transaction } from '../../../core/transaction.ts'
import type { Reply, Route } from '../../../http/route.ts'
import { requireScope } from '../existence.ts'
import { permit } from '../permit.ts'
import { type ArmInput, armRoute } from './arm-route.ts'
import { subscriptionIn } from './subscriptions.ts'

const NAMES = '/subscriptions/:subscriptionId/tagNames'
const NAME = `${NAMES}/:tagName`
const VALUE = `${NAME}/tagValues/:tagValue`
const ACTION = 'Microsoft.Resources/subscriptions/tagNames'
const VALUE_ACTION = `${ACTION}/tagValues`

export function tagNameRoutes(): Route[] {
  return [
    armRoute('GET', NAMES, list),
    armRoute('PUT', NAME, writing(`${ACTION}/write`, putName)),
    armRoute('DELETE', NAME, writing(`${ACTION}/delete`, deleteName)),
    armRoute('PUT', VALUE, writing(`${VALUE_ACTION}/write`, putValue)),
    armRoute('DELETE', VALUE, writing(`${VALUE_ACTION}/delete`, deleteValue)),
  ]
}

interface At {
  readonly subscription: ResourceId
  readonly name: string
  readonly value: string
}

async function list(call: Call, { params }: ArmInput): Promise<Reply> {
  const subscription = subscriptionIn(params)
  await permit(call, `${ACTION}/read`, subscription)
  await requireScope(call, subscription)
  const all = await tagNames(call, subscription)
  const value = [...all.values()].map((tag) => nameDocument(subscription, tag))
  return { status: 200, body: { value } }
}

/** What all writes have in common: permission, the subscription, its locks, the audit. */
function writing(action: string, work: (tx: Transaction, at: At) => Promise<Reply>) {
  return async (call: Call, { params }: ArmInput): Promise<Reply> => {
    const subscription = subscriptionIn(params)
    const { tagName: name = '', tagValue: value = '' } = params
    await permit(call, action, subscription)
    return transaction(call, async (tx) => {
      await requireScope(tx, subscription)
      await refuseLocked(tx, subscription, 'write')
      for (const text of [name, value]) checkText(text)
      const reply = await work(tx, { subscription, name, value })
      const facts = value === '' ? { tagName: name } : { tagName: name, tagValue: value }
      await record(tx, { action, scope: subscription.text, outcome: 'done', facts })
      return reply
    })
  }
}

/** What stands in an address is one line, and names nothing above it. */
function checkText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  if (!/[\u0000-\u001f\u007f]|^\.{1,2}$/.test(text)) return
  throw new Failure('invalid', 'InvalidTagName', 'The tag name or tag value is not valid.')
}

const RESERVED = /^(microsoft|azure|windows)/i

async function putName(tx: Transaction, { subscription, name }: At): Promise<Reply> {
  readTags({ [name]: '' })
  if (RESERVED.test(name)) {
    throw new Failure(
      'invalid',
      'InvalidTagName',
      `The tag name '${name}' is not valid: names that begin with 'microsoft', 'azure' or 'windows' are reserved.`,
    )
  }
  const isNew = !(await found(tx, { subscription, name }))?.isPredefined
  await offerTag(tx, { subscription, name })
  const tag = await required(tx, { subscription, name })
  return { status: isNew ? 201 : 200, body: nameDocument(subscription, tag) }
}

async function putValue(tx: Transaction, { subscription, name, value }: At): Promise<Reply> {
  readTags({ [name]: value })
  const before = await required(tx, { subscription, name })
  const isNew = !before.values.get(value)?.isPredefined
  await offerTag(tx, { subscription, name: before.name, value })
  const count = before.values.get(value)?.count ?? 0
  const body = valueDocument(subscription, before, value, { isPredefined: true, count })
  return { status: isNew ? 201 : 200, body }
}

async function deleteName(tx: Transaction, { subscription, name }: At): Promise<Reply> {
  const tag = await found(tx, { subscription, name })
  if (!tag?.isPredefined) return { status: 204 }
  if (tag.count > 0) {
    throw inUse(
      `The tag name '${tag.name}' cannot be deleted. It is associated to one or more resources.`,
    )
  }
  if (tag.values.size > 0) {
    throw inUse(
      `The tag name '${tag.name}' cannot be deleted. It has predefined values, which must be deleted first.`,
    )
  }
  await withdrawTag(tx, { subscription, name })
  return { status: 200 }
}

async function deleteValue(tx: Transaction, { subscription, name, value }: At): Promise<Reply> {
  const tag = await required(tx, { subscription, name })
  const known = tag.values.get(value)
  if (!known?.isPredefined) return { status: 204 }
  if (known.count > 0) {
    throw inUse(
      `The tag cannot be deleted. It is associated to one or more resources. Tag name '${tag.name}' and tag value '${value}'.`,
    )
  }
  await withdrawTag(tx, { subscription, name, value })
  return { status: 200 }
}

async function found(
  call: Call,
  { subscription, name }: Pick<At, 'subscription' | 'name'>,
): Promise<TagName | undefined> {
  return (await tagNames(call, subscription)).get(name.toLowerCase())
}

/** @throws Failure missing `PredefinedTagNameNotFound` */
async function required(call: Call, at: Pick<At, 'subscription' | 'name'>): Promise<TagName> {
  const tag = await found(call, at)
  if (tag?.isPredefined) return tag
  throw new Failure(
    'missing',
    'PredefinedTagNameNotFound',
    `Predefined tag name '${at.name}' could not be found.`,
  )
}

function inUse(message: string): Failure {
  return new Failure('conflict', 'TagInUse', message)
}

function nameDocument(subscription: ResourceId, tag: TagName): object {
  return {
    id: `${subscription.text}/tagNames/${tag.name}`,
    tagName: tag.name,
    count: total(tag.count),
    values: [...tag.values].map(([value, facts]) => valueDocument(subscription, tag, value, facts)),
  }
}

function valueDocument(
  subscription: ResourceId,
  { name }: TagName,
  value: string,
  { count }: TagValue,
): object {
  const id = `${subscription.text}/tagNames/${name}/tagValues/${value}`
  return { id, tagValue: value, count: total(count) }
}

function total(value: number): object {
  return { type: 'Total', value }
}
