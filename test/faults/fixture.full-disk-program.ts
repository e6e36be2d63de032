/**
 * For tests: fills the small disk on which it is started, under a daemon that serves from it.
 *
 * usage: node fixture.full-disk-program.ts FOLDER, the root of the disk
 */
import assert from 'node:assert/strict'
import { closeSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { at, makeGroup, VERSIONS } from '../estate.ts'
import { type Locum, startLocum, until } from '../locum.ts'

const VAULT = 'kv-full'
const BLOCK_BYTES = 64 * 1024
/** What is left for writes that are to succeed. */
const ROOM_BYTES = 4 * 1024 * 1024
/** More than the journal can take in what was left of the disk. */
const MOST_WRITES = 2000
const VALUE = 'x'.repeat(20_000)

const [folder = ''] = process.argv.slice(2)
const ballast = join(folder, 'ballast')
const locum = await startLocum()
try {
  const group = await makeGroup(locum, 'faults')
  await group.vault(VAULT)
  const kept = await writeWhileThereIsRoom(locum)
  await checkRefusals(locum, kept)
  rmSync(ballast)
  await checkServes(locum, kept)
  process.stdout.write(`${kept.length} writes acknowledged before the disk was full, all there\n`)
} finally {
  await locum.remove()
}

/** Fills the disk but for a little, then writes until refused; gives what was acknowledged. */
async function writeWhileThereIsRoom({ owner }: Locum): Promise<string[]> {
  fill(ballast)
  const kept: string[] = []
  for (let n = 0; n < MOST_WRITES; n++) {
    const { status, headers, body } = await owner.vault(VAULT, 'PUT', secret(n), {
      value: VALUE + n,
    })
    if (status === 200) {
      kept.push(secret(n))
      continue
    }
    assert.equal(status, 429)
    assert.equal(body.error.code, 'InsufficientStorage')
    assert.match(body.error.message, /the disk that holds the data folder of Locum is full/)
    assert.ok(Number(headers['retry-after']) > 0)
    assert.ok(kept.length > 0)
    return kept
  }
  throw new Error('the disk never became full')
}

/** Full: writes are refused on every surface, reads and tokens go on. */
async function checkRefusals({ owner, status }: Locum, kept: readonly string[]): Promise<void> {
  const path = `/subscriptions/${status.subscriptionId}/resourceGroups/another`
  const refused = await owner.arm('PUT', at(path, VERSIONS.group), { location: 'westeurope' })
  assert.equal(refused.status, 429)
  assert.equal(refused.body.error.code, 'InsufficientStorage')
  assert.equal((await owner.arm('GET', at(path, VERSIONS.group))).status, 404)
  assert.equal((await owner.vault(VAULT, 'GET', kept[0] ?? '')).status, 200)
  assert.ok((await owner.token('https://graph.microsoft.com')).length > 0)
}

/** Space again: it writes again, by itself; what was acknowledged is there, now and after a death. */
async function checkServes(locum: Locum, kept: readonly string[]): Promise<void> {
  const last = at('/secrets/after-all', VERSIONS.secrets)
  await until(
    async () => (await locum.owner.vault(VAULT, 'PUT', last, { value: 'v' })).status === 200,
  )
  await checkKept(locum, [...kept])
  await locum.kill()
  await locum.start()
  await checkKept(locum, [...kept])
  assert.equal((await locum.owner.vault(VAULT, 'GET', last)).body.value, 'v')
}

async function checkKept({ owner }: Locum, kept: readonly string[]): Promise<void> {
  for (const [n, path] of kept.entries()) {
    assert.equal((await owner.vault(VAULT, 'GET', path)).body.value, VALUE + n)
  }
}

function secret(n: number): string {
  return at(`/secrets/secret-${n}`, VERSIONS.secrets)
}

function fill(file: string): void {
  const block = Buffer.alloc(BLOCK_BYTES)
  const opened = openSync(file, 'w')
  try {
    for (;;) writeSync(opened, block)
  } catch (reason) {
    assert.equal((reason as NodeJS.ErrnoException).code, 'ENOSPC')
  } finally {
    closeSync(opened)
  }
  truncateSync(file, statSync(file).size - ROOM_BYTES)
}
