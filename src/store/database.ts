/**
 * The database, as the rooms of core see it.
 *
 * The store knows tables, statements and transactions; it knows no rule of Azure. Rooms read
 * through a `Db` and write through a `WriteDb`, which only a transaction hands out, so a write
 * outside a transaction does not compile. There is no repository layer: the queries live in the one
 * core room that owns the table.
 */

/** A value as both databases take it. Booleans are 0 and 1, JSON is text, times are milliseconds. */
export type SqlValue = string | number | null | Uint8Array

export interface Db {
  /** Runs a read. Rows are plain objects named by column. */
  all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]>
  /** The database behind this handle: the key under which rooms keep what they cache. */
  readonly database: Database
}

export interface WriteDb extends Db {
  /** Runs a write and gives the number of rows it changed. */
  run(sql: string, values: readonly SqlValue[]): Promise<number>
  /** Runs a part of the transaction: when it fails, what it wrote is undone and the rest stands. */
  part<Result>(work: () => Promise<Result>): Promise<Result>
  /** Runs after the commit that makes this transaction durable, before its caller hears of it. */
  afterCommit(effect: () => void): void
}

export interface Database {
  /** Reads what is committed. */
  readonly reader: Db
  /**
   * Runs the work in a transaction and resolves when its commit is durable.
   * The work may wait for the database only: other transactions wait behind it.
   */
  write<Result>(work: (db: WriteDb) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}
