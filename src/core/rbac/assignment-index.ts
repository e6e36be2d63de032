/**
 * Role assignments in memory, by scope first: what every check reads.
 *
 * A check walks up from the resource to the tenant, so it touches a handful of scopes however many
 * assignments there are. Most scopes have few assignments: those are a list. A scope with many
 * gets a map by principal. Loaded at first use; the room that writes the table keeps it true.
 */
import type { ObjectId } from '../../base/ids.ts'
import { cached } from '../../store/cache.ts'
import type { Db } from '../../store/database.ts'
import { statement } from '../../store/statement.ts'
import type { Transaction } from '../transaction.ts'

/** What a check needs of an assignment. */
export interface IndexedAssignment {
  /** The assignment's GUID. */
  readonly name: string
  /** The id of the scope, lower case. */
  readonly scopeKey: string
  /** The role's GUID. */
  readonly roleId: string
  readonly principalId: ObjectId
  readonly condition: string | null
}

/** From how many assignments on, a scope gets a map by principal. */
const MAP_FROM = 16

type ByPrincipal = Map<ObjectId, readonly IndexedAssignment[]>
type Bucket = readonly IndexedAssignment[] | ByPrincipal

/** By scope key. */
export type AssignmentIndex = Map<string, Bucket>

export function addToIndex(index: AssignmentIndex, given: IndexedAssignment): void {
  const { name, scopeKey, roleId, principalId, condition } = given
  // Only these members: the index outlives what it is given.
  const assignment = { name, scopeKey, roleId, principalId, condition }
  const bucket = index.get(assignment.scopeKey)
  if (bucket instanceof Map) {
    const theirs = bucket.get(assignment.principalId) ?? []
    bucket.set(assignment.principalId, [...without(theirs, assignment.name), assignment])
    return
  }
  const list = [...without(bucket ?? [], assignment.name), assignment]
  index.set(assignment.scopeKey, list.length < MAP_FROM ? list : byPrincipal(list))
}

export function removeFromIndex(index: AssignmentIndex, given: IndexedAssignment): void {
  const { name, scopeKey, principalId } = given
  const bucket = index.get(scopeKey)
  if (bucket === undefined) return
  if (bucket instanceof Map) {
    const rest = without(bucket.get(principalId) ?? [], name)
    if (rest.length > 0) bucket.set(principalId, rest)
    else bucket.delete(principalId)
    if (bucket.size === 0) index.delete(scopeKey)
    return
  }
  const rest = without(bucket, name)
  if (rest.length > 0) index.set(scopeKey, rest)
  else index.delete(scopeKey)
}

/** The assignments of these principals at exactly this scope, put into `found`. */
export function collectFromIndex(
  index: AssignmentIndex,
  scopeKey: string,
  principals: readonly ObjectId[],
  found: IndexedAssignment[],
): void {
  const bucket = index.get(scopeKey)
  if (bucket === undefined) return
  if (bucket instanceof Map) {
    for (const principal of principals) {
      const theirs = bucket.get(principal)
      if (theirs !== undefined) found.push(...theirs)
    }
    return
  }
  for (const assignment of bucket) {
    if (principals.includes(assignment.principalId)) found.push(assignment)
  }
}

function without(list: readonly IndexedAssignment[], name: string): readonly IndexedAssignment[] {
  return list.some((one) => one.name === name) ? list.filter((one) => one.name !== name) : list
}

function byPrincipal(list: readonly IndexedAssignment[]): ByPrincipal {
  const map: ByPrincipal = new Map()
  for (const one of list) map.set(one.principalId, [...(map.get(one.principalId) ?? []), one])
  return map
}

interface IndexedRow {
  name: string
  scope_key: string
  role_definition_id: string
  principal_id: string
  condition: string | null
}

const everyAssignment = statement<object, IndexedRow>((query) =>
  query
    .selectFrom('role_assignments')
    .select(['name', 'scope_key', 'role_definition_id', 'principal_id', 'condition']),
)

const indexes = cached<AssignmentIndex>(async (db) => {
  const loaded: AssignmentIndex = new Map()
  // The same scope, role or principal comes from the database as a new string in each row.
  const known = new Map<string, string>()
  const same = (text: string): string => {
    const one = known.get(text)
    if (one === undefined) known.set(text, text)
    return one ?? text
  }
  for (const row of await everyAssignment.all(db, {})) {
    addToIndex(loaded, {
      name: row.name,
      scopeKey: same(row.scope_key),
      roleId: same(row.role_definition_id),
      principalId: same(row.principal_id) as ObjectId,
      condition: row.condition,
    })
  }
  return loaded
})

export function assignmentIndex(db: Db): Promise<AssignmentIndex> {
  return indexes.get(db)
}

/** Applies a change to the index once its transaction is durable. Twice must be the same as once. */
export function keepIndexTrue(tx: Transaction, change: (index: AssignmentIndex) => void): void {
  const { database } = tx.db
  tx.db.afterCommit(() => indexes.apply(database, change))
}
