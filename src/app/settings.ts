/**
 * What an instance is for good: its tenant, its first subscription, its owner, and a proof of its
 * master key. Made at first start, kept in the table `settings`, which nobody else writes.
 */
import { Failure } from '../base/failure.ts'
import type { ClientId, ObjectId, SubscriptionId, TenantId } from '../base/ids.ts'
import type { Seal } from '../base/seal.ts'
import type { Db, WriteDb } from '../store/database.ts'
import { statement } from '../store/statement.ts'

export interface InstanceSettings {
  readonly tenantId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly ownerObjectId: ObjectId
  readonly ownerClientId: ClientId
  /** Of the application behind the owner, which holds its certificates. */
  readonly ownerApplicationId: ObjectId
  /** The user by whom the operator signs in; instances made before there were users have none. */
  readonly ownerUserId?: ObjectId
  /** In base64: opens only under the master key that closed it. */
  readonly masterKeyProof: string
}

const PROOF_CONTEXT = 'settings:masterKeyProof'

const every = statement<Record<string, never>, { name: string; value: string }>((query) =>
  query.selectFrom('settings').selectAll(),
)
const insert = statement<{ name: string; value: string }, unknown>((query, param) =>
  query.insertInto('settings').values({ name: param('name'), value: param('value') }),
)

/** The settings, or undefined before the first start has finished. */
export async function readSettings(db: Db): Promise<InstanceSettings | undefined> {
  const rows = await every.all(db, {})
  if (rows.length === 0) return undefined
  return Object.fromEntries(rows.map((row) => [row.name, row.value])) as never
}

export async function writeSettings(db: WriteDb, settings: InstanceSettings): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await insert.run(db, { name, value })
}

/** Adds a fact that instances of before do not have. */
export async function addSetting(
  db: WriteDb,
  name: keyof InstanceSettings,
  value: string,
): Promise<void> {
  await insert.run(db, { name, value })
}

export function proveMasterKey(seal: Seal): string {
  return Buffer.from(seal.close(Buffer.from('locum'), PROOF_CONTEXT)).toString('base64')
}

/** @throws Failure invalid `MasterKeyWrong` when another key sealed this instance */
export function checkMasterKey(seal: Seal, settings: InstanceSettings): void {
  try {
    seal.open(Buffer.from(settings.masterKeyProof, 'base64'), PROOF_CONTEXT)
  } catch (cause) {
    throw new Failure(
      'invalid',
      'MasterKeyWrong',
      'the master key is not the one that sealed this data folder; ' +
        'next step: give the right one in LOCUM_MASTER_KEY, or put master.key back',
      { cause },
    )
  }
}

/**
 * What was asked for must be what the instance is.
 * @throws Failure conflict `OtherTenant`, `OtherSubscription`
 */
export function checkAsked(
  settings: InstanceSettings,
  asked: { tenantId: TenantId | undefined; subscriptionId: SubscriptionId | undefined },
): void {
  refuseOther('tenant', settings.tenantId, asked.tenantId)
  refuseOther('subscription', settings.subscriptionId, asked.subscriptionId)
}

function refuseOther(
  what: 'tenant' | 'subscription',
  has: string,
  asked: string | undefined,
): void {
  if (asked === undefined || asked === has) return
  throw new Failure(
    'conflict',
    what === 'tenant' ? 'OtherTenant' : 'OtherSubscription',
    `this data folder is ${what} ${has}, not ${asked}; ` +
      `next step: leave --${what}-id out, or use another folder with --data`,
  )
}
