/**
 * The two keys of an account: whoever holds one may do everything in it. They rest sealed, and are
 * shown only to those who may list them.
 */
import { randomBytes } from 'node:crypto'
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'

const KEY_BYTES = 64
const KEY_NAMES = ['key1', 'key2'] as const

/** As it rests in the account's private state. */
interface KeptKey {
  readonly keyName: string
  /** Base64 of the sealed key. */
  readonly sealed: string
  readonly createdAt: Instant
}

export interface AccountKey {
  readonly keyName: string
  readonly value: Secret<Buffer>
  readonly createdAt: Instant
}

/** The keys of an account, opened. */
export function keysOf(call: Call, { id, state }: Resource): AccountKey[] {
  return keptKeys(state).map(({ keyName, sealed, createdAt }) => ({
    keyName,
    value: new Secret(call.seal.open(Buffer.from(sealed, 'base64'), contextOf(id.name, keyName))),
    createdAt,
  }))
}

/** The private state of an account whose keys are all new. */
export function newKeys(call: Call, name: string): { readonly keys: readonly KeptKey[] } {
  return { keys: KEY_NAMES.map((keyName) => newKey(call, name, keyName)) }
}

/** The same with one key new. @throws Failure invalid when there is no key of the name */
export function withNewKey(call: Call, { id, state }: Resource, keyName: string) {
  const kept = keptKeys(state)
  if (!kept.some((key) => key.keyName === keyName)) {
    throw new Failure(
      'invalid',
      'InvalidValuesForRequestParameters',
      'Values for request parameters are invalid: keyName.',
    )
  }
  return {
    ...state,
    keys: kept.map((key) => (key.keyName === keyName ? newKey(call, id.name, keyName) : key)),
  }
}

/** As `listKeys` answers. */
export function shownKeys(call: Call, account: Resource): object {
  return {
    keys: keysOf(call, account).map(({ keyName, value, createdAt }) => ({
      creationTime: isoSevenDigits(createdAt),
      keyName,
      value: value.reveal().toString('base64'),
      permissions: 'FULL',
    })),
  }
}

export function creationTimes({ state }: Resource): Record<string, string> {
  return Object.fromEntries(
    keptKeys(state).map(({ keyName, createdAt }) => [keyName, isoSevenDigits(createdAt)]),
  )
}

function newKey(call: Call, name: string, keyName: string): KeptKey {
  const sealed = call.seal.close(randomBytes(KEY_BYTES), contextOf(name, keyName))
  return { keyName, sealed: Buffer.from(sealed).toString('base64'), createdAt: call.now }
}

function keptKeys(state: Resource['state']): readonly KeptKey[] {
  return (state.keys ?? []) as readonly KeptKey[]
}

/** Bound to the account's name, which is its own wherever it moves. */
function contextOf(name: string, keyName: string): string {
  return `storage-account:${name.toLowerCase()}/${keyName}`
}
