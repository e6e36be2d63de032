import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Database, SqlValue } from './database.ts'
import { rememberReads } from './remembered-reads.ts'
import { openSqlite } from './sqlite.ts'

/** More reads without a commit than it takes to begin remembering. */
const MANY = 100

describe('remembered reads', () => {
  /** How many of the answers had to be read. */
  function readsOf(questions: readonly (readonly SqlValue[])[]): number {
    const remembered = rememberReads()
    for (let n = 0; n < MANY; n++) remembered.answer('warm', [], () => [])
    let reads = 0
    for (const values of questions) {
      remembered.answer('select', values, () => {
        reads += 1
        return [{ at: reads }]
      })
    }
    return reads
  }

  it('are read once', () => {
    const same = ['a', 1]
    assert.equal(readsOf([same, same, [...same]]), 1)
  })

  it('never take one question for another', () => {
    const questions: SqlValue[][] = [
      ['a', 'b'],
      ['a"1:b', ''],
      ['a', 'b', ''],
      ['', 'ab'],
      [1],
      ['1'],
      ['#1'],
      [null],
      [''],
      ['-'],
      [null, null],
      [11],
      [1, 1],
    ]
    assert.equal(readsOf(questions), questions.length)
  })

  it('leave out what is asked for by a blob', () => {
    assert.equal(readsOf([[Buffer.from('a')], [Buffer.from('a')]]), 2)
  })

  it('cannot be changed by those who share them', () => {
    const remembered = rememberReads()
    const read = () => remembered.answer('select', [], () => [{ name: 'a' }])
    for (let n = 0; n < MANY; n++) read()
    assert.throws(() => Object.assign(read()[0] ?? {}, { name: 'b' }), TypeError)
    assert.throws(() => read().pop(), TypeError)
  })
})

describe('the store between commits', () => {
  let folder: string
  let database: Database

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'locum-reads-'))
    database = openSqlite(join(folder, 'locum.db'))
    await database.write((db) => db.run('CREATE TABLE numbers (n INTEGER)', []))
  })
  after(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })

  const sum = async () => {
    const [row] = await database.reader.all<{ sum: number }>(
      'SELECT sum(n) AS sum FROM numbers',
      [],
    )
    return row?.sum
  }

  it('shows each commit to the next read, however often it was asked before', async () => {
    for (let n = 1; n <= 3; n++) {
      await database.write((db) => db.run('INSERT INTO numbers VALUES (1)', []))
      for (let again = 0; again < MANY; again++) assert.equal(await sum(), n)
    }
  })

  it('shows the old until the commit, and the new before the writer hears of it', async () => {
    for (let again = 0; again < MANY; again++) await sum()
    const seen: (number | undefined)[] = []
    await database.write(async (db) => {
      await db.run('INSERT INTO numbers VALUES (10)', [])
      seen.push(await sum())
      db.afterCommit(() => void sum().then((value) => seen.push(value)))
    })
    seen.push(await sum())
    assert.deepEqual(seen, [3, 13, 13])
  })

  it('shows nothing of what was rolled back', async () => {
    const failing = database.write(async (db) => {
      await db.run('INSERT INTO numbers VALUES (100)', [])
      throw new Error('not this one')
    })
    await assert.rejects(failing, /not this one/)
    assert.equal(await sum(), 13)
  })
})
