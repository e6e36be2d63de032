/**
 * The token service's refusals: one row per code, with the OAuth error it goes under, the status and
 * the words. Codes and words are Microsoft's; `{…}` are places for values.
 */
import { CLIENTS } from './aadsts/clients.ts'
import { FEDERATED } from './aadsts/federated.ts'
import type { Refusal } from './aadsts/refusal.ts'
import { REQUESTS } from './aadsts/requests.ts'
import { SIGN_IN } from './aadsts/sign-in.ts'

export const REFUSALS = {
  ...REQUESTS,
  ...CLIENTS,
  ...SIGN_IN,
  ...FEDERATED,
} satisfies Readonly<Record<number, Refusal>>
