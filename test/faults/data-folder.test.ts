/**
 * What a start refuses: a folder that another daemon serves, and a master key that is not the one the
 * folder was sealed with. Each says what to do next, and changes nothing.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { at, type Estate, makeGroup, type Vault, VERSIONS } from '../estate.ts'
import { type Locum, startLocum } from '../locum.ts'

const VAULT = 'kv-faults'
const SECRET = at('/secrets/kept', VERSIONS.secrets)

let locum: Locum
let group: Estate
let vault: Vault

before(async () => {
  locum = await startLocum()
  group = await makeGroup(locum, 'faults')
  vault = await group.vault(VAULT)
  await group.secret(vault, 'kept', 'as it was')
})
after(() => locum?.remove())

async function keptValue(): Promise<string> {
  return (await locum.owner.vault(VAULT, 'GET', SECRET)).body.value
}

describe('a second daemon on the same data folder', () => {
  it('is refused, and says who has it', async () => {
    const second = await locum.run(['up', '--port', '0'])
    assert.equal(second.code, 1)
    assert.equal(second.stdout, '')
    assert.match(second.stderr, new RegExp(`process ${locum.status.pid}\\).* already runs`))
    assert.match(second.stderr, /next step: locum down, or use another folder with --data/)
  })

  it('does not disturb the first', async () => {
    await group.secret(vault, 'another', 'value')
    assert.equal((await locum.statusNow()).pid, locum.status.pid)
    assert.equal(await keptValue(), 'as it was')
  })
})

describe('a master key', () => {
  const file = () => join(locum.folder, 'master.key')
  let right: string

  before(async () => {
    right = readFileSync(file(), 'utf8')
    await locum.stop()
  })

  const refused: readonly [what: string, key: () => string][] = [
    ['that is another instance’s', () => `${randomBytes(32).toString('base64')}\n`],
    ['that is no key', () => 'not a key\n'],
    ['that is cut short', () => right.slice(0, 20)],
    ['that is empty', () => ''],
  ]
  for (const [what, key] of refused) {
    it(`${what} is refused at start, with the next step and no word of the key`, async () => {
      const wrong = key()
      writeFileSync(file(), wrong)
      const started = await locum.run(['up', '--port', '0'])
      assert.equal(started.code, 1)
      assert.match(started.stderr, /master key/)
      assert.match(started.stderr, /next step/)
      assert.ok(!started.stderr.includes('unexpected error'), started.stderr)
      if (wrong.trim() !== '') assert.ok(!started.stderr.includes(wrong.trim()))
      assert.equal(readFileSync(file(), 'utf8'), wrong)
    })
  }

  it('that is the right one again opens everything', async () => {
    writeFileSync(file(), right)
    await locum.start()
    assert.equal(await keptValue(), 'as it was')
  })
})
