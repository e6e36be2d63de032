/**
 * SQLite: WAL, synchronous FULL, one writer, group commit.
 *
 * Writes queue and share one COMMIT, and so one fsync: under load that is many times faster than a
 * commit each, and nobody is answered before the commit that holds their write is on disk. A
 * transaction that fails is rolled back to its savepoint and does not disturb the others. Reads use
 * a connection of their own and see what is committed.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Failure } from '../base/failure.ts'
import type { Database, Db, SqlValue, WriteDb } from './database.ts'
import { type RememberedReads, rememberReads } from './remembered-reads.ts'

/** How many transactions one commit may carry: bounds the wait of the first of them. */
const MOST_TRANSACTIONS_A_COMMIT = 256
/** How long a statement waits for another process's lock, such as a backup's. */
const BUSY_TIMEOUT_MS = 5000
/** Prepared statements kept per connection; ad hoc queries push out the oldest. */
const MOST_PREPARED_STATEMENTS = 500

interface Waiting {
  readonly run: (db: WriteDb) => Promise<unknown>
  readonly resolve: (value: never) => void
  readonly reject: (reason: unknown) => void
}

/** Opens the database file, making it when it does not exist. */
export function openSqlite(file: string): Database {
  const writer = connect(file, false)
  const reader = connect(file, true)
  const remembered = rememberReads()
  const queue: Waiting[] = []
  let draining: Promise<void> | undefined

  const database: Database = {
    reader: readHandle(reader, remembered, () => database),
    write(run) {
      return new Promise((resolve, reject) => {
        queue.push({ run, resolve, reject })
        draining ??= drain()
      })
    },
    async close() {
      await draining
      reader.close()
      writer.close()
    },
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      // One turn of the event loop gathers the requests that have already arrived.
      await new Promise((resolve) => setImmediate(resolve))
      const batch = queue.splice(0, MOST_TRANSACTIONS_A_COMMIT)
      await commitTogether(writer, database, batch, remembered.forget)
    }
    // In the same step as the last look at the queue: a write that comes later starts anew.
    draining = undefined
  }

  return database
}

interface Connection {
  all<Row>(sql: string, values: readonly SqlValue[]): Row[]
  run(sql: string, values: readonly SqlValue[]): number
  execute(sql: string): void
  isInTransaction(): boolean
  close(): void
}

function connect(file: string, readOnly: boolean): Connection {
  const raw = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS })
  if (!readOnly) {
    raw.exec('PRAGMA journal_mode = WAL')
    raw.exec('PRAGMA synchronous = FULL')
    raw.exec('PRAGMA foreign_keys = ON')
  }
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known) return known
    const fresh = raw.prepare(sql)
    if (prepared.size >= MOST_PREPARED_STATEMENTS) {
      const oldest = prepared.keys().next()
      if (!oldest.done) prepared.delete(oldest.value)
    }
    prepared.set(sql, fresh)
    return fresh
  }
  return {
    all: <Row>(sql: string, values: readonly SqlValue[]) => prepare(sql).all(...values) as Row[],
    run: (sql, values) => Number(prepare(sql).run(...values).changes),
    execute: (sql) => raw.exec(sql),
    isInTransaction: () => raw.isTransaction,
    close: () => raw.close(),
  }
}

function readHandle(
  connection: Connection,
  remembered: RememberedReads,
  database: () => Database,
): Db {
  return {
    all: async <Row>(sql: string, values: readonly SqlValue[]) =>
      remembered.answer<Row>(sql, values, () => connection.all(sql, values)),
    get database() {
      return database()
    },
  }
}

/**
 * Runs the transactions one after another and makes them durable with one commit.
 * @param committed called in the same step as the commit, before any read can come between
 */
async function commitTogether(
  writer: Connection,
  database: Database,
  batch: readonly Waiting[],
  committed: () => void,
): Promise<void> {
  const settled: (() => void)[] = []
  try {
    writer.execute('BEGIN IMMEDIATE')
    for (const waiting of batch) settled.push(await runOne(writer, database, waiting))
    writer.execute('COMMIT')
    committed()
  } catch (reason) {
    // The commit itself failed: nobody's write is durable, and nobody is told that it is.
    for (const waiting of batch) waiting.reject(inOurWords(reason))
    if (writer.isInTransaction()) writer.execute('ROLLBACK')
    return
  }
  for (const settle of settled) settle()
}

/** Runs one transaction inside a savepoint; gives what to do once the commit is durable. */
async function runOne(
  writer: Connection,
  database: Database,
  waiting: Waiting,
): Promise<() => void> {
  const effects: (() => void)[] = []
  const db: WriteDb = {
    all: async (sql, values) => writer.all(sql, values),
    run: async (sql, values) => writer.run(sql, values),
    part: (work) => runPart(writer, effects, work),
    afterCommit: (effect) => effects.push(effect),
    database,
  }
  writer.execute('SAVEPOINT one')
  try {
    const result = await waiting.run(db)
    writer.execute('RELEASE one')
    return () => {
      for (const effect of effects) effect()
      waiting.resolve(result as never)
    }
  } catch (reason) {
    // When the disk fails, SQLite may have given up the whole transaction, not this part alone.
    if (!writer.isInTransaction()) throw reason
    writer.execute('ROLLBACK TO one')
    writer.execute('RELEASE one')
    return () => waiting.reject(inOurWords(reason))
  }
}

/** Runs a part of a transaction inside a savepoint of its own; parts may stand in parts. */
async function runPart<Result>(
  writer: Connection,
  effects: (() => void)[],
  work: () => Promise<Result>,
): Promise<Result> {
  const before = effects.length
  writer.execute('SAVEPOINT part')
  try {
    const result = await work()
    writer.execute('RELEASE part')
    return result
  } catch (reason) {
    effects.length = before
    if (writer.isInTransaction()) {
      writer.execute('ROLLBACK TO part')
      writer.execute('RELEASE part')
    }
    throw reason
  }
}

/** SQLite's numbers for want of space: of the disk itself, and for the index of the journal. */
const FULL: ReadonlySet<unknown> = new Set([13, 4874])
const RETRY_AFTER_SECONDS = 10

/** A full disk is no bug: it is said, and over when there is space again. */
function inOurWords(reason: unknown): unknown {
  if (!FULL.has((reason as { errcode?: unknown }).errcode)) return reason
  return new Failure(
    'busy',
    'InsufficientStorage',
    'Nothing was changed: the disk that holds the data folder of Locum is full.',
    { cause: reason, retryAfterSeconds: RETRY_AFTER_SECONDS },
  )
}
