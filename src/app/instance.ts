/**
 * The instance: what its data folder says it is, and how calls to it are made.
 */
import { type Clock, runningClock } from '../base/clock.ts'
import { newId, type TenantId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { azureNames, type Names } from '../base/names.ts'
import { openSeal } from '../base/seal.ts'
import type { Call, Caller } from '../core/call.ts'
import type { JobName } from '../core/job-names.ts'
import type { Database } from '../store/database.ts'
import type { Config } from './config.ts'
import type { DataFolder } from './data-folder.ts'
import { openMasterKey } from './master-key.ts'
import { addOwnerUser, type FirstPassword, firstStart, keepOwnerCertificate } from './owner.ts'
import { checkAsked, checkMasterKey, type InstanceSettings, readSettings } from './settings.ts'

export interface Instance {
  readonly settings: InstanceSettings
  /** To be shown once; undefined when nobody's first password was drawn at this start. */
  readonly firstPassword: FirstPassword | undefined
  readonly clock: Clock
  newCall(facts: CallFacts): Call
  /** Says who hears of woken jobs; wakes before that are covered by the jobs' first run. */
  wakes(wake: (job: JobName) => void): void
  /** Aborts the signal of every call. */
  end(): void
}

interface CallFacts {
  readonly id: string | undefined
  readonly caller: Caller
  /** Azure's own when none are given. */
  readonly names?: Names
}

/** @throws Failure when the folder is of another tenant, subscription or master key */
export async function openInstance(
  config: Config,
  folder: DataFolder,
  database: Database,
  log: Log,
): Promise<Instance> {
  const clock = runningClock()
  const known = await readSettings(database.reader)
  const seal = openSeal(openMasterKey(folder, config.masterKey, { mayMake: known === undefined }))
  const ending = new AbortController()
  let wake: (job: JobName) => void = () => {}
  const callsAs =
    (tenantId: TenantId) =>
    (facts: CallFacts): Call => ({
      id: facts.id ?? newId(),
      caller: facts.caller,
      now: clock.now(),
      tenantId,
      names: facts.names ?? azureNames,
      db: database.reader,
      seal,
      log,
      signal: ending.signal,
      wake: (job) => wake(job),
    })
  const { settings, firstPassword } = known
    ? await checkSettings(config, folder, known, callsAs(known.tenantId)(STARTER))
    : await firstStart(callsAs(config.tenantId ?? newId())(STARTER), folder, {
        subscriptionId: config.subscriptionId ?? newId(),
      })
  return {
    settings,
    firstPassword,
    clock,
    newCall: callsAs(settings.tenantId),
    wakes: (hears) => {
      wake = hears
    },
    end: () => ending.abort(),
  }
}

const STARTER = { id: undefined, caller: { kind: 'job', name: 'start' } } as const

/** A later start: nothing of what the instance is may differ from what is asked for. */
async function checkSettings(
  config: Config,
  folder: DataFolder,
  known: InstanceSettings,
  call: Call,
): Promise<Pick<Instance, 'settings' | 'firstPassword'>> {
  checkMasterKey(call.seal, known)
  checkAsked(known, config)
  await keepOwnerCertificate(call, folder, known.ownerApplicationId)
  const firstPassword = known.ownerUserId === undefined ? await addOwnerUser(call) : undefined
  return { settings: known, firstPassword }
}
