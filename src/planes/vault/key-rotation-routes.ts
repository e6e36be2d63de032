/** /keys/{name}/rotate and /keys/{name}/rotationpolicy. */
import { z } from 'zod'
import { epochSeconds } from '../../base/clock.ts'
import type { Call } from '../../core/call.ts'
import { generateNextMaterial, rotateKey } from '../../core/secrets/rotation.ts'
import {
  type KeptPolicy,
  readRotationPolicy,
  setRotationPolicy,
} from '../../core/secrets/rotation-policies.ts'
import { transaction } from '../../core/transaction.ts'
import type { Route } from '../../http/route.ts'
import { optional } from './attribute-members.ts'
import { keyBundle } from './bundles.ts'
import { type Asked, vaultRoute } from './vault-route.ts'

const POLICY = '/keys/:name/rotationpolicy'
/** One of each kind; the rules are core's. */
const MOST_ACTIONS = 2

const policyBody = z.strictObject({
  id: z.unknown().optional(),
  lifetimeActions: optional(
    z
      .array(
        z.strictObject({
          trigger: z.strictObject({
            timeAfterCreate: optional(z.string()),
            timeBeforeExpiry: optional(z.string()),
          }),
          action: z.strictObject({ type: z.string() }),
        }),
      )
      .max(MOST_ACTIONS),
  ),
  attributes: optional(
    z.strictObject({
      expiryTime: optional(z.string()),
      created: z.unknown().optional(),
      updated: z.unknown().optional(),
    }),
  ),
})

export const keyRotationRoutes: readonly Route[] = [
  vaultRoute({
    method: 'POST',
    path: '/keys/:name/rotate',
    collection: 'keys',
    action: 'rotate/action',
    permission: 'rotate',
    async answer(call, { vault, name }) {
      const material = await generateNextMaterial(call, { vault, name })
      const key = await transaction(call, (tx) => rotateKey(tx, { vault, name, material }))
      return { status: 200, body: keyBundle(call, vault, key) }
    },
  }),
  vaultRoute({
    method: 'GET',
    path: POLICY,
    collection: 'keys',
    actionOf: 'keyrotationpolicies',
    action: 'read',
    permission: 'getrotationpolicy',
    async answer(call, asked) {
      return { status: 200, body: shown(call, asked, await readRotationPolicy(call, asked)) }
    },
  }),
  vaultRoute({
    method: 'PUT',
    path: POLICY,
    collection: 'keys',
    actionOf: 'keyrotationpolicies',
    action: 'write',
    permission: 'setrotationpolicy',
    body: policyBody,
    async answer(call, asked) {
      const { vault, name, body } = asked
      const { lifetimeActions = [], attributes } = body
      const policy = { lifetimeActions, expiryTime: attributes?.expiryTime }
      const kept = await transaction(call, (tx) => setRotationPolicy(tx, { vault, name, policy }))
      return { status: 200, body: shown(call, asked, kept) }
    },
  }),
]

function shown(
  { names }: Call,
  { vault, name }: Pick<Asked<unknown>, 'vault' | 'name'>,
  { lifetimeActions, expiryTime, created, updated }: KeptPolicy,
): Record<string, unknown> {
  return {
    id: `${names.accountOrigin('vault', vault.name)}/keys/${name}/rotationpolicy`,
    lifetimeActions,
    attributes: {
      ...(expiryTime !== undefined && { expiryTime }),
      ...(created !== undefined && { created: epochSeconds(created) }),
      ...(updated !== undefined && { updated: epochSeconds(updated) }),
    },
  }
}
