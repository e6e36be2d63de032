import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openDataFolder, writePrivateFile } from './data-folder.ts'

describe('opening a data folder', () => {
  const me = process.getuid?.() ?? 0
  let parent: string
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'locum-data-'))
  })
  afterEach(() => rmSync(parent, { recursive: true }))

  it('makes it, closed to everybody else', () => {
    const folder = openDataFolder(join(parent, 'a', 'b'), me)
    assert.equal(statSync(folder.path).mode & 0o777, 0o700)
  })

  it('closes one that stood open', () => {
    chmodSync(parent, 0o755)
    openDataFolder(parent, me)
    assert.equal(statSync(parent).mode & 0o777, 0o700)
  })

  it("refuses another user's, and a link to one", () => {
    assert.throws(() => openDataFolder(parent, me + 1), /belongs to user .* with --data$/)
    symlinkSync(parent, join(parent, 'link'))
    assert.throws(() => openDataFolder(join(parent, 'link'), me), /is not a folder$/)
  })

  it('refuses a path too long for a socket', () => {
    assert.throws(() => openDataFolder(join(parent, 'x'.repeat(100)), me), /too long a path/)
  })

  it('writes files that only their owner can read, over what was there', () => {
    const file = join(parent, 'key')
    writePrivateFile(file, 'one')
    chmodSync(file, 0o644)
    writePrivateFile(file, 'two')
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })
})
