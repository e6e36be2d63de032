/**
 * kill -9 with machines running: no process of theirs is left, and the next start has them again.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { makeGroup } from '../estate.ts'
import { type Locum, startLocum, until } from '../locum.ts'

const MACHINES = ['vm1', 'vm2', 'vm3']

let locum: Locum
before(async () => {
  locum = await startLocum()
})
after(() => locum?.remove())

test('machines end with the daemon, however stubborn what runs in them', async (t) => {
  const { works, because } = locum.status.sandbox
  if (!works) return t.skip(`SANDBOX TESTS SKIPPED: ${because}`)
  const group = await makeGroup(locum, 'faults')
  await Promise.all(MACHINES.map((name) => group.machine(name, { system: false })))
  for (const name of MACHINES) {
    await locum.exec(name, STUBBORN, { root: true })
  }
  const daemon = locum.status.pid
  const processes = descendants(daemon)
  const namespaces = new Set(
    processes.map(namespaceOf).filter((one) => one !== namespaceOf(daemon)),
  )
  assert.equal(namespaces.size, MACHINES.length)
  assert.ok(inside(namespaces).length >= 3 * MACHINES.length)

  await locum.kill()
  await until(async () => inside(namespaces).length === 0)
  await until(async () => processes.every((pid) => !isAlive(pid)))

  await locum.start()
  await until(async () => {
    const { machines } = await locum.statusNow()
    return machines.filter(({ state }) => state === 'running').length === MACHINES.length
  })
})

/** Ignores every signal that can be ignored, in a session of its own. */
const STUBBORN =
  "(trap '' HUP INT TERM PIPE; setsid sleep 1000 < /dev/null > /dev/null 2>&1 &) ; exit 0"

/** The live processes of these process namespaces. */
function inside(namespaces: ReadonlySet<string | undefined>): number[] {
  return allProcesses().filter((pid) => namespaces.has(namespaceOf(pid)) && isAlive(pid))
}

/** Children of a process, and theirs. */
function descendants(pid: number): number[] {
  const children = allProcesses().filter((one) => statOf(one)?.parent === pid)
  return children.flatMap((child) => [child, ...descendants(child)])
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** A process that nobody has collected yet (a zombie) holds nothing. */
function isAlive(pid: number): boolean {
  const state = statOf(pid)?.state
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** State and parent; undefined when it has just ended. */
function statOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const found = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return found ? { state: found[1] ?? '', parent: Number(found[2]) } : undefined
  } catch {
    return undefined
  }
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return undefined
  }
}
