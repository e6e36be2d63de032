/**
 * Owners: what the owner of an application, a service principal or a group may do with it without
 * any role. Users may by owning it alone; applications need the permission for what they own, too.
 */
import { asId, type ClientId, type ObjectId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { findApplicationByClientId } from '../../core/directory/applications.ts'
import type { GraphPermission } from '../../core/directory/microsoft-graph.ts'
import { ownersOf } from '../../core/directory/owners.ts'
import { profileOf } from '../../core/directory/profiles.ts'
import { findServicePrincipalByClientId } from '../../core/directory/service-principals.ts'
import type { Arrival } from '../../http/route.ts'

interface Owned {
  /** What owners may do with such an object, as permissions that would let anybody. */
  readonly may: readonly GraphPermission[]
  /** The permission by which applications do it; undefined where only users do. */
  readonly byApplications?: GraphPermission
  find?(call: Call, clientId: ClientId): Promise<{ readonly objectId: ObjectId } | undefined>
}

/** By the set in the path, in lower case. */
const OWNED: Readonly<Record<string, Owned>> = {
  applications: {
    may: ['Application.ReadWrite.All'],
    byApplications: 'Application.ReadWrite.OwnedBy',
    find: findApplicationByClientId,
  },
  serviceprincipals: {
    may: ['Application.ReadWrite.All'],
    byApplications: 'Application.ReadWrite.OwnedBy',
    find: findServicePrincipalByClientId,
  },
  groups: { may: ['Group.ReadWrite.All', 'GroupMember.ReadWrite.All'] },
}

/** What an owner may do here in place of the permission, and by which permission applications do. */
export interface OwnersRight {
  readonly objectId: ObjectId
  readonly byApplications: GraphPermission | undefined
}

/** The object in the path whose owners may do this; undefined where owning it is no help. */
export async function ownersRight(
  call: Call,
  least: GraphPermission,
  { path, params }: Pick<Arrival, 'path' | 'params'>,
): Promise<OwnersRight | undefined> {
  const [, set = ''] = /^\/+[^/]+\/+([a-z]+)/i.exec(path) ?? []
  const owned = OWNED[set.toLowerCase()]
  if (!owned?.may.includes(least)) return undefined
  const objectId = await namedIn(call, owned, params)
  return objectId && { objectId, byApplications: owned.byApplications }
}

/** Whether the path is about a group that can hold a directory role: those who give roles keep it. */
export async function isRoleGroup(
  call: Call,
  { path, params }: Pick<Arrival, 'path' | 'params'>,
): Promise<boolean> {
  const groupId = asId<ObjectId>(params.id ?? '')
  if (groupId === undefined || !/^\/+[^/]+\/+groups\//i.test(path)) return false
  return (await profileOf(call, groupId)).isAssignableToRole === true
}

export async function isOwner(
  call: Call,
  asked: { of: ObjectId; who: ObjectId },
): Promise<boolean> {
  return (await ownersOf(call, asked.of)).includes(asked.who)
}

/** `/{id}`, `('{id}')` or `(appId='{client id}')`. */
async function namedIn(
  call: Call,
  { find }: Owned,
  { id = '', key }: Arrival['params'],
): Promise<ObjectId | undefined> {
  if (key === undefined) return asId<ObjectId>(id)
  const [, name = 'id', value = ''] = /^\((?:(\w+)=)?'([^']*)'\)$/.exec(key) ?? []
  if (name.toLowerCase() !== 'appid') return asId<ObjectId>(value)
  const clientId = asId<ClientId>(value)
  return clientId && (await find?.(call, clientId))?.objectId
}
