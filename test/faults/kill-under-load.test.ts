/**
 * kill -9 under load, many times: what was acknowledged is there, whole, and nothing is half there.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { at, makeGroup, VERSIONS } from '../estate.ts'
import { type Locum, startLocum } from '../locum.ts'
import { type Acknowledged, GROUP, nothingYet, VAULT, writeUntilItDies } from './writers.ts'

const ROUNDS = 20
const WRITERS = 32
/** Each round is killed at another moment: in a commit, between two, in the middle of a start. */
const SHORTEST_ROUND_MS = 20
const LONGEST_ROUND_MS = 500
/** How many reads are under way at once when all is read back. */
const READERS = 32

let locum: Locum

before(async () => {
  locum = await startLocum()
  const group = await makeGroup(locum, GROUP)
  await group.vault(VAULT)
})
after(() => locum?.remove())

test(`nothing acknowledged is lost in ${ROUNDS} deaths under load`, async (t) => {
  const known = nothingYet()
  let acknowledged = 0
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = nothingYet()
    const writing = writeUntilItDies(locum, { writers: WRITERS, round }, fresh)
    await setTimeout(SHORTEST_ROUND_MS + Math.random() * (LONGEST_ROUND_MS - SHORTEST_ROUND_MS))
    await locum.kill()
    acknowledged += await writing
    await locum.start()
    await readBack(locum, fresh)
    merge(known, fresh)
  }
  await readBack(locum, known)
  checkDatabase(join(locum.folder, 'locum.db'))
  t.diagnostic(`${acknowledged} acknowledged writes, all there after ${ROUNDS} deaths`)
  assert.ok(acknowledged > ROUNDS * WRITERS, `only ${acknowledged} writes were acknowledged`)
})

function merge(known: Acknowledged, fresh: Acknowledged): void {
  for (const name of ['groups', 'secrets', 'identities'] as const) {
    for (const [key, value] of fresh[name]) known[name].set(key, value)
  }
}

/** Every acknowledged write is read through the public APIs. */
async function readBack({ owner, status }: Locum, known: Acknowledged): Promise<void> {
  const groups = `/subscriptions/${status.subscriptionId}/resourceGroups`
  await inParallel([...known.groups], async ([name, mark]) => {
    const { body } = await owner.arm('GET', at(`${groups}/${name}`, VERSIONS.group))
    assert.deepEqual(body.tags, { mark }, name)
  })
  await inParallel([...known.secrets], async ([path, value]) => {
    const { body } = await owner.vault(VAULT, 'GET', at(path, VERSIONS.secrets))
    assert.equal(body.value, value, path)
  })
  await inParallel([...known.identities], async ([id, principalId]) => {
    const { body } = await owner.arm('GET', at(id, VERSIONS.identity))
    assert.equal(body.properties?.principalId, principalId, id)
  })
  // The newest value is the last that was acknowledged, or one that was under way when it died.
  await inParallel([...known.sent], async ([name, { values, acknowledged }]) => {
    const { status: found, body } = await owner.vault(
      VAULT,
      'GET',
      at(`/secrets/${name}`, VERSIONS.secrets),
    )
    if (acknowledged === 0 && found === 404) return
    const place = values.indexOf(body.value)
    const isOld = acknowledged === 0 && place === -1
    assert.ok(isOld || place >= acknowledged - 1, `${name} is ${body.value}`)
  })
}

/** What one request writes in several tables is in all of them or in none. */
function checkDatabase(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  try {
    assert.deepEqual(rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
    assert.deepEqual(rows('PRAGMA foreign_key_check'), [])
    assert.deepEqual(rows(GROUPS_WITHOUT_AUDIT), [])
    assert.deepEqual(rows(AUDIT_WITHOUT_GROUP), [])
    assert.deepEqual(rows(IDENTITIES_WITHOUT_PRINCIPAL), [])
  } finally {
    database.close()
  }
}

const GROUPS_WITHOUT_AUDIT = `
  SELECT id FROM resources WHERE type = 'microsoft.resources/resourcegroups'
  AND id NOT IN (SELECT scope FROM audit WHERE outcome = 'done')`
const AUDIT_WITHOUT_GROUP = `
  SELECT scope FROM audit WHERE outcome = 'done' AND scope LIKE '%/resourceGroups/group-%'
  AND scope NOT IN (SELECT id FROM resources)`
const IDENTITIES_WITHOUT_PRINCIPAL = `
  SELECT id FROM resources WHERE type = 'microsoft.managedidentity/userassignedidentities'
  AND key NOT IN (
    SELECT resource_key FROM managed_identities JOIN service_principals USING (object_id))`

async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const readers = Array.from({ length: READERS }, async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item)
  })
  await Promise.all(readers)
}
