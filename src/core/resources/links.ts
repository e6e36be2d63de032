/**
 * Links: which resource refers to which. A network interface refers to its subnet, a machine to its
 * network interfaces; what is referred to is shown its users, and is not deleted while it has some.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { ResourceLinksTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export interface Link {
  /** The id of the resource, or of the part of it, that refers. */
  readonly from: string
  readonly to: ResourceId
}

const insert = statement((query, param: Param<ResourceLinksTable>) =>
  query
    .insertInto('resource_links')
    .values({
      owner_key: param('owner_key'),
      from_id: param('from_id'),
      to_key: param('to_key'),
    })
    .onConflict((conflict) => conflict.doNothing()),
)

/** Makes these the links of a resource, in place of those it had. */
export async function replaceLinks(
  tx: Transaction,
  owner: ResourceId,
  links: readonly Link[],
): Promise<void> {
  await forgetLinks(tx, owner)
  for (const { from, to } of links) {
    await insert.run(tx.db, { owner_key: owner.key, from_id: from, to_key: to.key })
  }
}

const remove = statement((query, param: Param<{ owner: string }>) =>
  query.deleteFrom('resource_links').where('owner_key', '=', param('owner')),
)

/** A deleted resource refers to nothing. */
export async function forgetLinks(tx: Transaction, owner: ResourceId): Promise<void> {
  await remove.run(tx.db, { owner: owner.key })
}

const outgoing = statement((query, param: Param<{ owner: string }>) =>
  query.selectFrom('resource_links').select('to_key').where('owner_key', '=', param('owner')),
)

/** Keys of what the resource refers to. */
export async function linkedKeys(call: Call, owner: ResourceId): Promise<Set<string>> {
  return new Set((await outgoing.all(call.db, { owner: owner.key })).map((row) => row.to_key))
}

const incoming = statement((query, param: Param<{ target: string }>) =>
  query
    .selectFrom('resource_links')
    .select(['owner_key', 'from_id'])
    .where('to_key', '=', param('target'))
    .orderBy('from_id'),
)

export interface User {
  /** The key of the resource that refers. */
  readonly ownerKey: string
  /** The id of it, or of its part. */
  readonly from: string
}

/** Who refers to the resource, in the order of their ids. */
export async function usersOf(call: Call, target: ResourceId): Promise<User[]> {
  const rows = await incoming.all(call.db, { target: target.key })
  return rows.map((row) => ({ ownerKey: row.owner_key, from: row.from_id }))
}
