/** A backup, as bodies and answers write it: one piece, base64url. */
import { z } from 'zod'

export const restoreBody = z.strictObject({
  value: z
    .string()
    .regex(/^[A-Za-z0-9_-]*={0,2}$/)
    .transform((text) => Buffer.from(text, 'base64url')),
})

export function backupBundle(backup: Buffer): { value: string } {
  return { value: backup.toString('base64url') }
}
