import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { type DataFolder, dataFolder } from './data-folder.ts'
import { readDaemon, takeLock } from './lock.ts'

describe('the lock of a data folder', () => {
  let folder: DataFolder
  beforeEach(() => {
    folder = dataFolder(mkdtempSync(join(tmpdir(), 'locum-lock-')))
  })
  afterEach(() => rmSync(folder.path, { recursive: true }))

  it('is held by one, who is named to the other', () => {
    const lock = takeLock(folder)
    assert.equal(readDaemon(folder)?.pid, process.pid)
    assert.throws(
      () => takeLock(folder),
      new RegExp(`^Failure: Locum \\(process ${process.pid}\\) already runs .* locum down`),
    )
    lock.release()
    assert.equal(readDaemon(folder), undefined)
    takeLock(folder).release()
  })

  it('is free again when its holder was killed, however it was', async () => {
    const program = `
      const { takeLock } = await import('${join(import.meta.dirname, 'lock.ts')}')
      const { dataFolder } = await import('${join(import.meta.dirname, 'data-folder.ts')}')
      takeLock(dataFolder(${JSON.stringify(folder.path)}))
      console.log('held')
      setInterval(() => {}, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program])
    const ended = once(holder, 'exit')
    try {
      await once(holder.stdout, 'data')
      assert.throws(() => takeLock(folder), new RegExp(`process ${holder.pid}`))
    } finally {
      holder.kill('SIGKILL')
    }
    await ended
    assert.equal(readDaemon(folder), undefined, 'a dead process holds nothing')
    takeLock(folder).release()
  })

  it('does not take another process with the same id for the holder', () => {
    writeFileSync(folder.daemon, JSON.stringify({ pid: process.pid, startedTicks: '1' }))
    assert.equal(readDaemon(folder), undefined)
  })

  it('keeps its note to itself', () => {
    const lock = takeLock(folder)
    assert.equal(statSync(folder.daemon).mode & 0o777, 0o600)
    lock.release()
  })
})
