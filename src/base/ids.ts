/**
 * The identifiers of the directory, each a type of its own.
 *
 * A service principal has an object id (what role assignments name) and a client id (what tokens
 * and assertions name; Graph calls it appId). Mixing the two is *the* bug of this field, so the
 * compiler keeps them apart.
 */
import { randomUUID } from 'node:crypto'

declare const kind: unique symbol
type Branded<Kind extends string> = string & { readonly [kind]: Kind }

export type TenantId = Branded<'TenantId'>
export type SubscriptionId = Branded<'SubscriptionId'>
/** The id of a directory object: user, group or service principal. */
export type ObjectId = Branded<'ObjectId'>
/** The id of an application, shared by its service principals; `appid` in a v1 token. */
export type ClientId = Branded<'ClientId'>

type GuidId = TenantId | SubscriptionId | ObjectId | ClientId

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** A new random id of the kind the caller's type asks for. */
export function newId<Id extends GuidId>(): Id {
  return randomUUID() as string as Id
}

/** Reads a GUID as the asked kind of id, lower-cased; undefined when it is not a GUID. */
export function asId<Id extends GuidId>(text: string): Id | undefined {
  return isGuid(text) ? (text.toLowerCase() as Id) : undefined
}
