/** Attributes and tags, as bodies and answers write them: times in seconds, absent when not set. */
import { z } from 'zod'
import { type Instant, SECOND_MS } from '../../base/clock.ts'
import {
  type AttributeChanges,
  type Attributes,
  LAST_SECOND,
  shownAttributes,
} from '../../core/secrets/attributes.ts'
import { recoveryOf, type Vault } from '../../core/secrets/vault.ts'

const MOST_TAGS = 15
const LONGEST_TAG_CHARS = 256

/** Clients send null for what they do not set. */
export function optional<Value>(
  type: z.ZodType<Value>,
): z.ZodType<Value | undefined, Value | null | undefined> {
  return type.nullish().transform((given) => given ?? undefined) as unknown as z.ZodType<
    Value | undefined,
    Value | null | undefined
  >
}

const time = optional(
  z
    .int()
    .min(0)
    .max(LAST_SECOND)
    .transform((seconds) => (seconds * SECOND_MS) as Instant),
)

/** Members of answers, which clients send back; they change nothing. */
const readOnly = {
  created: z.unknown().optional(),
  updated: z.unknown().optional(),
  recoveryLevel: z.unknown().optional(),
  recoverableDays: z.unknown().optional(),
}

const changes = { enabled: optional(z.boolean()), nbf: time, exp: time, ...readOnly }

export const secretAttributes = optional(z.strictObject(changes).transform(changesOf))

/** Software keys cannot be exported, and no hardware vouches for them. */
export const keyAttributes = optional(
  z
    .strictObject({
      ...changes,
      exportable: optional(z.literal(false)),
      hsmPlatform: z.unknown().optional(),
      attestation: z.unknown().optional(),
    })
    .transform(changesOf),
)

export const tags = optional(
  z
    .record(z.string().max(LONGEST_TAG_CHARS), z.string().max(LONGEST_TAG_CHARS))
    .refine((given) => Object.keys(given).length <= MOST_TAGS),
)

function changesOf(given: {
  enabled?: boolean | undefined
  nbf?: Instant | undefined
  exp?: Instant | undefined
}): AttributeChanges {
  return { enabled: given.enabled, notBefore: given.nbf, expires: given.exp }
}

/** The attributes of a version, as its vault keeps it. */
export function attributesIn(vault: Vault, attributes: Attributes): Record<string, unknown> {
  return { ...shownAttributes(attributes), ...recoveryOf(vault) }
}
