/**
 * Point reads, remembered until the next commit: between two commits the same question has the same
 * answer. A remembered answer costs a tenth of the read.
 *
 * Only the one process that writes may remember like this, which the lock on the data folder makes
 * sure of; a database that several nodes write cannot use it. Answers are shared, so they are frozen.
 */
import type { SqlValue } from './database.ts'

/** Answers kept; past it all are forgotten and asked for anew. */
const MOST_ANSWERS = 2000
/** Longer answers are lists: seldom asked for twice, and large. */
const MOST_ROWS = 4
/** A blob that is larger is read anew, so that what is remembered stays small. */
const LARGEST_BLOB_BYTES = 4096
/** Remembering pays only where reads outnumber commits by this much. */
const READS_BEFORE_REMEMBERING = 32

export interface RememberedReads {
  /** The answer, remembered or read. */
  answer<Row>(sql: string, values: readonly SqlValue[], read: () => Row[]): Row[]
  /** Something was committed. */
  forget(): void
}

export function rememberReads(): RememberedReads {
  const answers = new Map<string, Map<string, readonly unknown[]>>()
  let kept = 0
  let readsSinceCommit = 0

  function keep(sql: string, key: string, rows: readonly unknown[]): void {
    if (kept >= MOST_ANSWERS) {
      answers.clear()
      kept = 0
    }
    const ofStatement = answers.get(sql) ?? new Map<string, readonly unknown[]>()
    answers.set(sql, ofStatement.set(key, rows))
    kept += 1
  }

  return {
    answer<Row>(sql: string, values: readonly SqlValue[], read: () => Row[]): Row[] {
      readsSinceCommit += 1
      if (readsSinceCommit <= READS_BEFORE_REMEMBERING) return read()
      const key = keyOf(values)
      if (key === undefined) return read()
      const known = answers.get(sql)?.get(key)
      if (known) return known as Row[]
      const rows = read()
      if (isSmall(rows)) keep(sql, key, Object.freeze(rows.map((row) => Object.freeze(row))))
      return rows
    },
    forget() {
      readsSinceCommit = 0
      if (kept === 0) return
      answers.clear()
      kept = 0
    },
  }
}

/** Two lists of values have one key only if they are the same; undefined when one is a blob. */
function keyOf(values: readonly SqlValue[]): string | undefined {
  let key = ''
  for (const value of values) {
    if (typeof value === 'string') key += `"${value.length}:${value}`
    else if (typeof value === 'number') key += `#${value}`
    else if (value === null) key += '-'
    else return undefined
  }
  return key
}

function isSmall(rows: readonly unknown[]): boolean {
  if (rows.length > MOST_ROWS) return false
  return rows.every((row) =>
    Object.values(row as Record<string, SqlValue>).every(
      (value) => !(value instanceof Uint8Array) || value.length <= LARGEST_BLOB_BYTES,
    ),
  )
}
