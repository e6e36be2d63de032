/**
 * What an answer shows of a resource.
 */

import { isoSevenDigits } from '../../base/clock.ts'
import type { Call } from '../../core/call.ts'
import { shownIdentity } from '../../core/identity/attached.ts'
import type { Resource } from '../../core/resources/resource.ts'
import type { Query, StoredType } from '../../providers/provider.ts'
import { etagOf } from './existence.ts'

/** The resource as answers of its type show it. */
export async function present(
  call: Call,
  type: StoredType,
  resource: Resource,
  query: Query,
): Promise<Record<string, unknown>> {
  const shown = type.shown ? await type.shown(call, resource, query) : resource.properties
  const identity = type.identity === 'none' ? undefined : await shownIdentity(call, resource.id.key)
  const state = type.shows?.provisioningState === false ? undefined : resource.provisioningState
  return {
    ...summary(type, resource),
    ...(await type.shownBeside?.(call, resource)),
    ...(identity && { identity }),
    ...(type.shows?.etag && { etag: etagOf(resource) }),
    ...(type.shows?.systemData && { systemData: systemDataOf(resource) }),
    properties: state === undefined ? shown : { ...shown, provisioningState: state },
  }
}

/** The members that lists across types show too. */
export function summary(type: StoredType, resource: Resource): Record<string, unknown> {
  const { location, kind, tags, sku, envelope } = resource
  return {
    id: resource.id.text,
    name: type.shows?.name ? resource.id.names.join('/') : resource.id.name,
    type: type.name,
    ...(location !== undefined && { location }),
    ...(kind !== undefined && { kind }),
    ...(tags !== undefined ? { tags } : type.shows?.tags === 'always' && { tags: {} }),
    ...(sku !== undefined && { sku }),
    ...envelope,
  }
}

function systemDataOf(resource: Resource): Record<string, unknown> {
  const by = (objectId: string | undefined) => objectId ?? '00000000-0000-0000-0000-000000000000'
  return {
    createdBy: by(resource.createdBy),
    createdByType: 'Application',
    createdAt: isoSevenDigits(resource.createdAt),
    lastModifiedBy: by(resource.changedBy),
    lastModifiedByType: 'Application',
    lastModifiedAt: isoSevenDigits(resource.changedAt),
  }
}
