import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after as afterAll, before, describe, it } from 'node:test'
import { cached } from './cache.ts'
import type { Database, WriteDb } from './database.ts'
import { migrate } from './migrate.ts'
import { openSqlite } from './sqlite.ts'
import { type Param, query, rowsOf, statement } from './statement.ts'

const put = statement((from, param: Param<{ name: string; value: string }>) =>
  from.insertInto('settings').values({ name: param('name'), value: param('value') }),
)
const get = statement((from, param: Param<{ name: string }>) =>
  from.selectFrom('settings').select('value').where('name', '=', param('name')),
)

describe('the store on SQLite', () => {
  let folder: string
  let database: Database
  const valueAt = async (name: string) => (await get.first(database.reader, { name }))?.value

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'locum-store-'))
    database = openSqlite(join(folder, 'locum.db'))
    await migrate(database)
  })
  afterAll(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })

  it('shows a write to the next read once it is acknowledged', async () => {
    await database.write((db) => put.run(db, { name: 'a', value: '1' }))
    assert.equal(await valueAt('a'), '1')
  })

  it('shows a transaction its own writes, and nobody else before the commit', async () => {
    await database.write(async (db) => {
      await put.run(db, { name: 'b', value: '1' })
      assert.equal((await get.first(db, { name: 'b' }))?.value, '1')
      assert.equal(await valueAt('b'), undefined)
    })
    assert.equal(await valueAt('b'), '1')
  })

  it('rolls back a transaction that fails, and none that shared its commit', async () => {
    const outcomes = await Promise.allSettled([
      database.write((db) => put.run(db, { name: 'c', value: '1' })),
      database.write(async (db) => {
        await put.run(db, { name: 'd', value: '1' })
        throw new Error('no')
      }),
      database.write((db) => put.run(db, { name: 'e', value: '1' })),
    ])
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(
      [await valueAt('c'), await valueAt('d'), await valueAt('e')],
      ['1', undefined, '1'],
    )
  })

  it('undoes a part that fails, with its effects, and keeps the rest', async () => {
    const heard: string[] = []
    const part = (db: WriteDb, name: string, fails: boolean) =>
      db.part(async () => {
        await put.run(db, { name, value: '1' })
        db.afterCommit(() => heard.push(name))
        if (fails) throw new Error('no')
      })
    await database.write(async (db) => {
      await part(db, 'whole', false)
      await assert.rejects(part(db, 'broken', true), /no/)
      assert.equal((await get.first(db, { name: 'broken' }))?.value, undefined)
    })
    assert.deepEqual([await valueAt('whole'), await valueAt('broken')], ['1', undefined])
    assert.deepEqual(heard, ['whole'])
  })

  it('runs effects after the commit and before the answer, and none of a failed transaction', async () => {
    const heard: string[] = []
    await database.write(async (db) => {
      db.afterCommit(() => heard.push('effect'))
      await put.run(db, { name: 'f', value: '1' })
      heard.push('work')
    })
    heard.push('answer')
    await assert.rejects(
      database.write(async (db) => {
        db.afterCommit(() => heard.push('never'))
        throw new Error('no')
      }),
    )
    assert.deepEqual(heard, ['work', 'effect', 'answer'])
  })

  it('gives the number of rows a write changed', async () => {
    const update = statement((from, param: Param<{ value: string }>) =>
      from
        .updateTable('settings')
        .set({ value: param('value') })
        .where('name', '=', 'a'),
    )
    assert.equal(await database.write((db) => update.run(db, { value: '2' })), 1)
  })

  it('takes values as data, never as SQL', async () => {
    const name = "x'; DROP TABLE settings; --"
    await database.write((db) => put.run(db, { name, value: 'safe' }))
    assert.equal(await valueAt(name), 'safe')
  })

  it('runs queries whose shape depends on the request', async () => {
    const rows = await rowsOf(
      database.reader,
      query.selectFrom('settings').select('name').where('name', 'in', ['a', 'c']).orderBy('name'),
    )
    assert.deepEqual(
      rows.map((row) => row.name),
      ['a', 'c'],
    )
  })

  it('keeps everything over a restart', async () => {
    await database.close()
    database = openSqlite(join(folder, 'locum.db'))
    await migrate(database)
    assert.equal(await valueAt('b'), '1')
  })

  it('refuses a database of a newer program', async () => {
    await database.write((db) => db.run("INSERT INTO migrations (name) VALUES ('9999-future')", []))
    await assert.rejects(migrate(database), /made by a newer version of Locum/)
    await database.write((db) => db.run("DELETE FROM migrations WHERE name = '9999-future'", []))
  })

  it('applies a migration that fails not at all', async () => {
    const broken = { name: '0002-broken', statements: ['CREATE TABLE half (x TEXT)', 'NONSENSE'] }
    const first = { name: '0001-foundation', statements: [] }
    await assert.rejects(migrate(database, [first, broken]))
    await assert.rejects(database.reader.all('SELECT * FROM half', []), /no such table/)
  })

  describe('what a room caches', () => {
    it('is loaded once, changed after commits, and loaded again when dropped', async () => {
      let loads = 0
      const names = cached(async (db) => {
        loads++
        const rows = await rowsOf(db, query.selectFrom('settings').select('name'))
        return new Set(rows.map((row) => row.name))
      })
      assert.equal(names.peek(database), undefined)
      const [first, second] = await Promise.all([
        names.get(database.reader),
        names.get(database.reader),
      ])
      assert.equal(first, second)
      assert.equal(loads, 1)
      names.apply(database, (all) => all.add('new'))
      assert.ok((await names.get(database.reader)).has('new'))
      names.drop(database)
      assert.ok(!(await names.get(database.reader)).has('new'))
      assert.equal(loads, 2)
    })

    it('hears of a change that commits while it loads', async () => {
      const slow = cached(async () => {
        await new Promise((resolve) => setImmediate(resolve))
        return new Set(['old'])
      })
      const loading = slow.get(database.reader)
      slow.apply(database, (all) => all.add('meanwhile'))
      assert.deepEqual([...(await loading)], ['old', 'meanwhile'])
    })

    it('tries again after a load that failed', async () => {
      let fail = true
      const flaky = cached(async () => {
        if (fail) throw new Error('no')
        return 'yes'
      })
      await assert.rejects(flaky.get(database.reader), /no/)
      fail = false
      assert.equal(await flaky.get(database.reader), 'yes')
    })
  })
})
