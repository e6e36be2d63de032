import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { machineFolder, removeOtherFolders, renameOlderFolders } from './machine-folders.ts'

const web = { key: '/a/web', hostName: 'web', files: 'web-11111111-2222-3333-4444-555555555555' }
const again = { ...web, files: 'web-66666666-2222-3333-4444-555555555555' }
/** `web-` and the first digits of SHA-256 of `/a/web`. */
const OLDER = 'web-0e2b2567dcd0'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locum-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function make(name: string): void {
  mkdirSync(join(folder, name, 'home'), { recursive: true })
  writeFileSync(join(folder, name, 'home', 'file'), name)
}

test('a machine’s folder has the name it was given, in the folder of all', () => {
  assert.equal(machineFolder(folder, web), join(folder, web.files))
  for (const files of ['', '..', '../web', 'a/b', '.web']) {
    assert.throws(() => machineFolder(folder, { ...web, files }), { code: 'InvalidFilesName' })
  }
})

test('a folder named by its machine’s key gets its new name once, and hides nothing', () => {
  make(OLDER)
  renameOlderFolders(folder, [web])
  assert.equal(readFileSync(join(folder, web.files, 'home', 'file'), 'utf8'), OLDER)
  assert.equal(existsSync(join(folder, OLDER)), false)
  make(OLDER)
  renameOlderFolders(folder, [web])
  assert.equal(readFileSync(join(folder, web.files, 'home', 'file'), 'utf8'), OLDER)
  assert.equal(existsSync(join(folder, OLDER)), true)
})

test('files of machines that are no more go; others stay', async () => {
  for (const name of [OLDER, web.files, again.files, 'trust', 'workstation']) make(name)
  await removeOtherFolders(folder, [again], silentLog)
  assert.deepEqual((await readdir(folder)).sort(), ['trust', again.files, 'workstation'].sort())
})
