/**
 * For tests of the floors from core upwards: a real database in a temporary folder, a clock that
 * stands still until it is moved, and calls as anybody. Nothing in the program imports this.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, standingClock } from '../base/clock.ts'
import { type ClientId, newId, type ObjectId, type TenantId } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import { azureNames } from '../base/names.ts'
import { MASTER_KEY_BYTES, openSeal } from '../base/seal.ts'
import { Secret } from '../base/secret.ts'
import type { Database } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Call, Caller, PrincipalCaller } from './call.ts'

export interface TestWorld {
  readonly clock: Clock
  readonly database: Database
  readonly tenantId: TenantId
  /** Names of jobs woken so far, oldest first. */
  readonly woken: string[]
  /** A new call at the clock's present instant; as a job when no caller is given. */
  call(caller?: Caller): Call
  close(): Promise<void>
}

export async function openTestWorld(): Promise<TestWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'locum-test-'))
  const database = openSqlite(join(folder, 'locum.db'))
  await migrate(database)
  const clock = standingClock()
  const seal = openSeal(new Secret(randomBytes(MASTER_KEY_BYTES)))
  const tenantId = newId<TenantId>()
  const woken: string[] = []
  return {
    clock,
    database,
    tenantId,
    woken,
    call: (caller = { kind: 'job', name: 'test' }) => ({
      id: newId(),
      caller,
      now: clock.now(),
      tenantId,
      names: azureNames,
      db: database.reader,
      seal,
      log: silentLog,
      signal: new AbortController().signal,
      wake: (job) => woken.push(job),
    }),
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A calling service principal with random ids. */
export function somePrincipal(facts: Partial<PrincipalCaller> = {}): PrincipalCaller {
  const objectId = facts.objectId ?? newId<ObjectId>()
  return {
    kind: 'principal',
    objectId,
    clientId: newId<ClientId>(),
    type: 'ServicePrincipal',
    label: objectId,
    claims: {},
    ...facts,
  }
}
