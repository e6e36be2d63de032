import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Failure } from '../base/failure.ts'
import { ownFolder } from './data-folder.ts'

describe('the data folder', () => {
  const base = mkdtempSync(join(tmpdir(), 'locum-data-'))
  after(() => rmSync(base, { recursive: true }))
  const unusable = (error: unknown) =>
    error instanceof Failure && error.code === 'DataFolderUnusable'

  test('is made 0700, and made so when it existed and was open', () => {
    const folder = join(base, 'new')
    ownFolder(folder)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    chmodSync(folder, 0o755)
    ownFolder(folder)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
  })

  test('is not another user’s, nor a link to elsewhere', () => {
    assert.throws(() => ownFolder(process.getuid?.() === 0 ? '/proc/self/task' : '/'), Error)
    mkdirSync(join(base, 'real'))
    symlinkSync(join(base, 'real'), join(base, 'link'))
    assert.throws(() => ownFolder(join(base, 'link')), unusable)
  })

  test('does not lie where every machine can read', () => {
    const folder = join(base, 'shared', 'data')
    assert.throws(() => ownFolder(folder, [join(base, 'shared')]), unusable)
  })
})
