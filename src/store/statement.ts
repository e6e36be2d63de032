/**
 * Statements: built once with Kysely's types, compiled once, run on the thin driver.
 *
 *   const byKey = statement((query, param: Param<{ key: string }>) =>
 *     query.selectFrom('resources').selectAll().where('key', '=', param('key')))
 *   const row = await byKey.first(call.db, { key })
 *
 * Kysely gives the types and the SQL; its executor is left out, because it costs four to five times
 * as much as the read itself on SQLite. `ad hoc` queries, whose shape depends on the request, are
 * compiled at each call with `rowsOf` and `change`.
 */
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Db, SqlValue, WriteDb } from './database.ts'
import type { Tables } from './tables.ts'

export type Query = Kysely<Tables>

/** The query builder; it compiles and never executes. */
export const query: Query = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** Stands for a value that is given when the statement runs. */
export type Param<Params> = <Name extends keyof Params & string>(name: Name) => Params[Name]

export interface Statement<Params, Row> {
  all(db: Db, params: Params): Promise<Row[]>
  first(db: Db, params: Params): Promise<Row | undefined>
  /** Runs a write; gives the number of rows changed. */
  run(db: WriteDb, params: Params): Promise<number>
}

class Placeholder {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

interface Prepared {
  readonly sql: string
  readonly slots: readonly unknown[]
}

export function statement<Params, Row>(
  build: (query: Query, param: Param<Params>) => Compilable<Row>,
): Statement<Params, Row> {
  let prepared: Prepared | undefined
  const prepare = (): Prepared => {
    prepared ??= compile(build(query, (name) => new Placeholder(name) as never))
    return prepared
  }
  return {
    all(db, params) {
      const { sql, slots } = prepare()
      return db.all<Row>(sql, fill(slots, params))
    },
    async first(db, params) {
      const { sql, slots } = prepare()
      return (await db.all<Row>(sql, fill(slots, params)))[0]
    },
    run(db, params) {
      const { sql, slots } = prepare()
      return db.run(sql, fill(slots, params))
    },
  }
}

/** Rows of a query whose shape depends on the request. */
export function rowsOf<Row>(db: Db, built: Compilable<Row>): Promise<Row[]> {
  const { sql, slots } = compile(built)
  return db.all<Row>(sql, slots as SqlValue[])
}

/** Runs a write whose shape depends on the request. */
export function change(db: WriteDb, built: Compilable<unknown>): Promise<number> {
  const { sql, slots } = compile(built)
  return db.run(sql, slots as SqlValue[])
}

function compile(built: Compilable<unknown>): Prepared {
  const { sql, parameters } = built.compile()
  return { sql, slots: parameters }
}

function fill<Params>(slots: readonly unknown[], params: Params): SqlValue[] {
  const values = new Array<SqlValue>(slots.length)
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]
    values[at] = (
      slot instanceof Placeholder ? params[slot.name as keyof Params] : slot
    ) as SqlValue
  }
  return values
}
