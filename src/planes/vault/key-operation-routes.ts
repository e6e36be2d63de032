/** /keys/{name}/{version}/{operation}: using a key. Without a version, its newest. */
import { z } from 'zod'
import type { Call } from '../../core/call.ts'
import {
  decrypt,
  encrypt,
  type KeyResult,
  type KeyUse,
  sign,
  verify,
} from '../../core/secrets/key-operations.ts'
import type { Reply, Route } from '../../http/route.ts'
import { keyId } from './bundles.ts'
import { type Asked, vaultRoute } from './vault-route.ts'

/** Longer than anything a key of 4,096 bits takes or gives. */
const LONGEST_VALUE_CHARS = 8192

const bytes = z
  .string()
  .max(LONGEST_VALUE_CHARS)
  .regex(/^[A-Za-z0-9_-]*={0,2}$/)
  .transform((text) => Buffer.from(text, 'base64url'))

const useBody = z.strictObject({ alg: z.string(), value: bytes })
const verifyBody = z.strictObject({ alg: z.string(), digest: bytes, value: bytes })

type Use = (call: Call, use: KeyUse) => Promise<KeyResult>

/** One row per operation: its segment in the path, its data action, its permission. */
const USES: readonly { path: string; action: string; permission: string; use: Use }[] = [
  { path: 'sign', action: 'sign/action', permission: 'sign', use: sign },
  { path: 'encrypt', action: 'encrypt/action', permission: 'encrypt', use: encrypt },
  { path: 'decrypt', action: 'decrypt/action', permission: 'decrypt', use: decrypt },
  {
    path: 'wrapkey',
    action: 'wrap/action',
    permission: 'wrapKey',
    use: (call, use) => encrypt(call, use, 'wrapKey'),
  },
  {
    path: 'unwrapkey',
    action: 'unwrap/action',
    permission: 'unwrapKey',
    use: (call, use) => decrypt(call, use, 'unwrapKey'),
  },
]

const BASES = ['/keys/:name/:version', '/keys/:name'] as const

export const keyOperationRoutes: readonly Route[] = BASES.flatMap((base) => [
  ...USES.map(({ path, action, permission, use }) =>
    vaultRoute({
      method: 'POST',
      path: `${base}/${path}`,
      collection: 'keys',
      action,
      permission,
      body: useBody,
      answer: (call, asked) => answerUse(call, asked, use),
    }),
  ),
  vaultRoute({
    method: 'POST',
    path: `${base}/verify`,
    collection: 'keys',
    action: 'verify/action',
    permission: 'verify',
    body: verifyBody,
    async answer(call, { vault, name, version, body }) {
      const use = { vault, name, version, algorithm: body.alg, value: body.digest }
      const value = await verify(call, { ...use, signature: body.value })
      return { status: 200, body: { value } }
    },
  }),
])

async function answerUse(
  call: Call,
  { vault, name, version, body }: Asked<z.infer<typeof useBody>>,
  use: Use,
): Promise<Reply> {
  const result = await use(call, { vault, name, version, algorithm: body.alg, value: body.value })
  const value = result.value.toString('base64url')
  return { status: 200, body: { kid: keyId(call, vault, result.key), value } }
}
