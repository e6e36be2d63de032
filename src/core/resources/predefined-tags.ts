/**
 * The tag names of a subscription: those that it offers before anything has them, with values to
 * choose from, and those that are in use, with how often.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { PredefinedTagsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

/** A tag name; how many resources have it, and each of its values. */
export interface TagName {
  readonly name: string
  readonly isPredefined: boolean
  count: number
  /** Values are told apart by case, names are not. */
  readonly values: Map<string, TagValue>
}

export interface TagValue {
  readonly isPredefined: boolean
  readonly count: number
}

const rowsOfSubscription = statement((query, param: Param<{ subscription: string }>) =>
  query
    .selectFrom('predefined_tags')
    .selectAll()
    .where('subscription_id', '=', param('subscription'))
    .orderBy('name_key')
    .orderBy('value'),
)
const tagsInUse = statement((query, param: Param<{ subscription: string }>) =>
  query
    .selectFrom('resources')
    .select('tags')
    .where('subscription_id', '=', param('subscription'))
    .where('tags', 'is not', null),
)
const insert = statement((query, param: Param<PredefinedTagsTable>) =>
  query
    .insertInto('predefined_tags')
    .values({
      subscription_id: param('subscription_id'),
      name_key: param('name_key'),
      value: param('value'),
      name: param('name'),
    })
    .onConflict((conflict) => conflict.doNothing()),
)
const remove = statement(
  (query, param: Param<Pick<PredefinedTagsTable, 'subscription_id' | 'name_key' | 'value'>>) =>
    query
      .deleteFrom('predefined_tags')
      .where('subscription_id', '=', param('subscription_id'))
      .where('name_key', '=', param('name_key'))
      .where('value', '=', param('value')),
)

/** By the name in lower case, in its order. */
export async function tagNames(
  call: Call,
  { name: subscriptionId }: ResourceId,
): Promise<Map<string, TagName>> {
  const subscription = subscriptionId.toLowerCase()
  const found = new Map<string, TagName>()
  for (const { name_key, name, value } of await rowsOfSubscription.all(call.db, { subscription })) {
    const tag = ensure(found, name_key, { name, isPredefined: true })
    if (value !== '') tag.values.set(value, { isPredefined: true, count: 0 })
  }
  for (const { tags } of await tagsInUse.all(call.db, { subscription })) {
    for (const [name, value] of Object.entries<string>(JSON.parse(tags ?? '{}'))) {
      const tag = ensure(found, name.toLowerCase(), { name, isPredefined: false })
      const { isPredefined = false, count = 0 } = tag.values.get(value) ?? {}
      tag.count += 1
      tag.values.set(value, { isPredefined, count: count + 1 })
    }
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)))
}

function ensure(
  all: Map<string, TagName>,
  key: string,
  fresh: Pick<TagName, 'name' | 'isPredefined'>,
): TagName {
  const known = all.get(key)
  if (known) return known
  const tag = { ...fresh, count: 0, values: new Map<string, TagValue>() }
  all.set(key, tag)
  return tag
}

export interface PredefinedTag {
  readonly subscription: ResourceId
  readonly name: string
  /** The name itself when it is not given. */
  readonly value?: string | undefined
}

/** Offers a name, or a value of one; what is offered already stays as it is. */
export async function offerTag(tx: Transaction, tag: PredefinedTag): Promise<void> {
  await insert.run(tx.db, { ...keyOf(tag), name: tag.name })
}

/** Offers it no more. */
export async function withdrawTag(tx: Transaction, tag: PredefinedTag): Promise<void> {
  await remove.run(tx.db, keyOf(tag))
}

function keyOf({ subscription, name, value = '' }: PredefinedTag) {
  return { subscription_id: subscription.name.toLowerCase(), name_key: name.toLowerCase(), value }
}
