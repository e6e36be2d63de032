/**
 * Rotation policies: when a key gets its next version by itself, and how long versions that rotation
 * makes are valid. A policy is of the key, not of a version; without one, the key has Azure's default,
 * which rotates nothing.
 */
import type { Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { wordAmong } from '../../base/word.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { KeyRotationPoliciesTable, KeysTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { KEYS, type ObjectName } from './collection.ts'
import { type Duration, inDays, minus, plus, readDuration } from './durations.ts'
import { nameKey, type Vault } from './vault.ts'
import { readVersion } from './versions.ts'

export interface LifetimeAction {
  readonly trigger: {
    readonly timeAfterCreate?: string | undefined
    readonly timeBeforeExpiry?: string | undefined
  }
  readonly action: { readonly type: string }
}

export interface RotationPolicy {
  readonly lifetimeActions: readonly LifetimeAction[]
  /** How long a version is valid that rotation makes; for ever when it is undefined. */
  readonly expiryTime: string | undefined
}

export interface KeptPolicy extends RotationPolicy {
  /** Undefined for the default. */
  readonly created: Instant | undefined
  readonly updated: Instant | undefined
}

const SHORTEST_VALIDITY_DAYS = 28
const SHORTEST_TRIGGER_DAYS = 7

/** Whether anybody is told, nobody can turn off. */
const NOTIFY: LifetimeAction = {
  trigger: { timeBeforeExpiry: 'P30D' },
  action: { type: 'Notify' },
}

/** @throws Failure missing `KeyNotFound` */
export async function readRotationPolicy(call: Call, of: ObjectName): Promise<KeptPolicy> {
  const { vault_key: vault, name_key: name } = await readVersion(call.db, KEYS, newestOf(of))
  const row = await policyOf.first(call.db, { vault, name })
  if (row) return keptOf(row)
  return {
    lifetimeActions: [NOTIFY],
    expiryTime: undefined,
    created: undefined,
    updated: undefined,
  }
}

/**
 * Replaces the whole policy.
 * @throws Failure missing `KeyNotFound`; invalid `BadParameter`
 */
export async function setRotationPolicy(
  tx: Transaction,
  { policy, ...of }: ObjectName & { readonly policy: RotationPolicy },
): Promise<KeptPolicy> {
  const { vault_key, name_key } = await readVersion(tx.db, KEYS, newestOf(of))
  const before = await policyOf.first(tx.db, { vault: vault_key, name: name_key })
  const row: KeyRotationPoliciesTable = {
    vault_key,
    name_key,
    policy: JSON.stringify(checked(policy)),
    created_at: before?.created_at ?? tx.now,
    updated_at: tx.now,
  }
  await upsertPolicy.run(tx.db, row)
  return keptOf(row)
}

/** The names of a vault's keys that are to be rotated by now. */
export async function keysDueForRotation(call: Call, vault: Vault): Promise<string[]> {
  const due: string[] = []
  for (const { name_key: name, policy } of await policiesIn.all(call.db, { vault: vault.key })) {
    const newest = await KEYS.newest.first(call.db, { vault: vault.key, name })
    if (newest && isDue(call.now, JSON.parse(policy), newest)) due.push(newest.name)
  }
  return due
}

/** Whether this one is; asked again in the transaction that rotates it. */
export async function isKeyDueForRotation(call: Call, of: ObjectName): Promise<boolean> {
  const at = { vault: of.vault.key, name: nameKey(of.name) }
  const [row, newest] = [await policyOf.first(call.db, at), await KEYS.newest.first(call.db, at)]
  return (
    row !== undefined && newest !== undefined && isDue(call.now, JSON.parse(row.policy), newest)
  )
}

/** When a version expires that rotation makes now; undefined when never. */
export function expiryOf({ expiryTime }: RotationPolicy, now: Instant): Instant | undefined {
  return expiryTime === undefined ? undefined : plus(now, durationOf(expiryTime, 'expiryTime'))
}

function isDue(now: Instant, policy: RotationPolicy, newest: KeysTable): boolean {
  const trigger = policy.lifetimeActions.find(({ action }) => action.type === 'Rotate')?.trigger
  if (trigger?.timeAfterCreate !== undefined) {
    const after = durationOf(trigger.timeAfterCreate, 'timeAfterCreate')
    return plus(newest.created_at as Instant, after) <= now
  }
  if (trigger?.timeBeforeExpiry === undefined || newest.expires_at === null) return false
  const before = durationOf(trigger.timeBeforeExpiry, 'timeBeforeExpiry')
  return minus(newest.expires_at as Instant, before) <= now
}

/** @throws Failure invalid `BadParameter` */
function checked({ lifetimeActions, expiryTime }: RotationPolicy): RotationPolicy {
  const validity = expiryTime === undefined ? undefined : durationOf(expiryTime, 'expiryTime')
  if (validity && inDays(validity) < SHORTEST_VALIDITY_DAYS) {
    throw bad(`expiryTime must be at least ${SHORTEST_VALIDITY_DAYS} days.`)
  }
  const actions = lifetimeActions.map((asked) => checkedAction(asked, validity))
  const types = actions.map(({ action }) => action.type)
  if (new Set(types).size < types.length) throw bad('an action can be given only once.')
  return {
    lifetimeActions: types.includes('Notify') ? actions : [...actions, NOTIFY],
    expiryTime,
  }
}

function checkedAction(
  { trigger, action }: LifetimeAction,
  validity: Duration | undefined,
): LifetimeAction {
  const type = wordAmong(['Rotate', 'Notify'], action.type)
  if (type === undefined) throw bad(`there is no action '${action.type}'.`)
  const { timeAfterCreate, timeBeforeExpiry } = trigger
  if ((timeAfterCreate === undefined) === (timeBeforeExpiry === undefined)) {
    throw bad('an action has either timeAfterCreate or timeBeforeExpiry.')
  }
  const [name, text] =
    timeAfterCreate === undefined
      ? ['timeBeforeExpiry', timeBeforeExpiry ?? '']
      : ['timeAfterCreate', timeAfterCreate]
  if (type === 'Notify' && name === 'timeAfterCreate') {
    throw bad('Notify can only be triggered by timeBeforeExpiry.')
  }
  const days = inDays(durationOf(text, name))
  if (days < SHORTEST_TRIGGER_DAYS)
    throw bad(`${name} must be at least ${SHORTEST_TRIGGER_DAYS} days.`)
  if (type === 'Rotate' && name === 'timeBeforeExpiry' && !validity) {
    throw bad('Rotate by timeBeforeExpiry needs an expiryTime.')
  }
  if (type === 'Rotate' && validity && days > inDays(validity) - SHORTEST_TRIGGER_DAYS) {
    throw bad(`${name} must leave at least ${SHORTEST_TRIGGER_DAYS} days of the expiryTime.`)
  }
  return { trigger: { [name]: text }, action: { type } }
}

/** @throws Failure invalid `BadParameter` */
function durationOf(text: string, name: string): Duration {
  const duration = readDuration(text)
  if (duration) return duration
  throw bad(`${name} is no duration of ISO 8601 in days, months or years: '${text}'.`)
}

function bad(why: string): Failure {
  return new Failure('invalid', 'BadParameter', `The key rotation policy is invalid: ${why}`)
}

/** A policy is of the key, whichever version was named. */
function newestOf({ vault, name }: ObjectName): ObjectName {
  return { vault, name }
}

function keptOf({ policy, created_at, updated_at }: KeyRotationPoliciesTable): KeptPolicy {
  const kept = JSON.parse(policy) as RotationPolicy
  return {
    lifetimeActions: kept.lifetimeActions,
    expiryTime: kept.expiryTime,
    created: created_at as Instant,
    updated: updated_at as Instant,
  }
}

const policyOf = statement((query, param: Param<{ vault: string; name: string }>) =>
  query
    .selectFrom('key_rotation_policies')
    .selectAll()
    .where('vault_key', '=', param('vault'))
    .where('name_key', '=', param('name')),
)

const policiesIn = statement((query, param: Param<{ vault: string }>) =>
  query.selectFrom('key_rotation_policies').selectAll().where('vault_key', '=', param('vault')),
)

const upsertPolicy = statement((query, param: Param<KeyRotationPoliciesTable>) =>
  query
    .insertInto('key_rotation_policies')
    .values({
      vault_key: param('vault_key'),
      name_key: param('name_key'),
      policy: param('policy'),
      created_at: param('created_at'),
      updated_at: param('updated_at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['vault_key', 'name_key']).doUpdateSet((excluded) => ({
        policy: excluded.ref('excluded.policy'),
        updated_at: excluded.ref('excluded.updated_at'),
      })),
    ),
)
