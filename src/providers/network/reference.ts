/**
 * How bodies refer to other resources: `{ "id": "…" }`, with whatever a client echoes beside it.
 */
import { z } from 'zod'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Use } from '../provider.ts'

export const reference = z.looseObject({ id: z.string() })
export type Reference = z.infer<typeof reference>

/** What is kept and shown of a reference. */
export function shownReference({ id }: Reference): { id: string } {
  return { id }
}

/** Whether this is the id of a private endpoint, which uses subnets and interfaces in its own way. */
export function isPrivateEndpoint(id: string): boolean {
  return /\/privateEndpoints\/[^/]+$/i.test(id)
}

/** A use of what may be referred to; the join action of its type is needed. */
export function joins(from: string, to: Reference | undefined, type: string): Use[] {
  return to ? [{ from, to: parseResourceId(to.id), action: `${type}/join/action` }] : []
}

/** The same for a list; the action is that of what is joined. */
export function joinsAll(
  from: string,
  to: readonly Reference[] | undefined,
  { action }: { readonly action: string },
): Use[] {
  return (to ?? []).map(({ id }) => ({ from, to: parseResourceId(id), action }))
}
