/**
 * What a room keeps in memory of a database: loaded at first use, one per database.
 *
 * The room that owns the table owns the cache, and keeps it true with `afterCommit`: the change is
 * applied after it is durable and before its caller is answered, so the next call sees it.
 */
import type { Database, Db } from './database.ts'

export interface Cached<Value> {
  /** The value, loaded when it is not there yet. */
  get(db: Db): Promise<Value>
  /** The value when it is already loaded: for hot paths that cannot wait. */
  peek(database: Database): Value | undefined
  /**
   * Applies a committed change to the value, if there is one. A load under way may or may not have
   * read the change already, so applying it twice must be the same as once.
   */
  apply(database: Database, change: (value: Value) => void): void
  /** Forgets the value; the next `get` loads it again. */
  drop(database: Database): void
}

interface Entry<Value> {
  readonly loading: Promise<Value>
  value: Value | undefined
}

/** @param load reads the value; it is given the reader, whatever handle asked */
export function cached<Value>(load: (db: Db) => Promise<Value>): Cached<Value> {
  const entries = new WeakMap<Database, Entry<Value>>()

  function begin(database: Database): Entry<Value> {
    const entry: Entry<Value> = { loading: load(database.reader), value: undefined }
    entries.set(database, entry)
    entry.loading.then(
      (value) => {
        entry.value = value
      },
      () => entries.get(database) === entry && entries.delete(database),
    )
    return entry
  }

  return {
    // Always the same promise: hot paths ask many times, and a new one each time would add up.
    get: ({ database }) => (entries.get(database) ?? begin(database)).loading,
    peek: (database) => entries.get(database)?.value,
    apply(database, change) {
      const entry = entries.get(database)
      if (entry?.value !== undefined) change(entry.value)
      else entry?.loading.then(change, () => {})
    },
    drop: (database) => {
      entries.delete(database)
    },
  }
}
