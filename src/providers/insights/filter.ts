/** The `$filter` of the activity log: comparisons joined by `and`, of a few members. */
import type { Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { isGuid } from '../../base/ids.ts'
import {
  covers,
  parseResourceId,
  type ResourceId,
  subscriptionResourceId,
} from '../../base/resource-id.ts'

export interface ActivityFilter {
  /** What must be permitted, and where to look: the narrowest scope that the filter names. */
  readonly scope: ResourceId
  readonly from: Instant
  readonly to: Instant
  readonly callId: string | undefined
  readonly provider: string | undefined
  readonly caller: string | undefined
}

/** Clients write times without quotes, and leave the zone out: it is UTC. */
const CLAUSE = /^\s*(\w+)\s+(eq|ge|le)\s+(?:'([^']*)'|([^\s']+))\s*$/i
const ZONE = /(Z|[+-]\d\d:?\d\d)$/i
const MEMBERS: ReadonlySet<string> = new Set([
  'eventtimestamp ge',
  'eventtimestamp le',
  'resourcegroupname eq',
  'resourceuri eq',
  'resourceid eq',
  'resourceprovider eq',
  'correlationid eq',
  'caller eq',
  'eventchannels eq',
])

const LATEST = 8.64e15

/**
 * Reads a filter at the subscription that is asked.
 * @throws Failure invalid `BadRequest`
 */
export function readActivityFilter(text: string | undefined, at: ResourceId): ActivityFilter {
  const subscription = subscriptionResourceId(at.subscriptionId ?? '')
  const clauses = new Map<string, string>()
  for (const clause of text ? text.split(/\s+and\s+/i) : []) {
    const [, member = '', comparison = '', quoted, plain = ''] = CLAUSE.exec(clause) ?? []
    const name = `${member} ${comparison}`.toLowerCase()
    if (!MEMBERS.has(name) || clauses.has(name)) throw badFilter(clause)
    clauses.set(name, quoted ?? plain)
  }
  const correlation = clauses.get('correlationid eq')
  if (correlation !== undefined && !isGuid(correlation)) throw badFilter(correlation)
  return {
    scope: scopeOf(clauses, subscription),
    from: instantOf(clauses.get('eventtimestamp ge')) ?? (0 as Instant),
    to: instantOf(clauses.get('eventtimestamp le')) ?? (LATEST as Instant),
    callId: correlation?.toLowerCase(),
    provider: clauses.get('resourceprovider eq'),
    caller: clauses.get('caller eq'),
  }
}

function scopeOf(clauses: ReadonlyMap<string, string>, subscription: ResourceId): ResourceId {
  const group = clauses.get('resourcegroupname eq')
  const resource = clauses.get('resourceuri eq') ?? clauses.get('resourceid eq')
  if (resource === undefined && group === undefined) return subscription
  const scope = parseResourceId(resource ?? `${subscription.text}/resourceGroups/${group}`)
  if (!covers(subscription, scope)) throw badFilter(scope.text)
  return scope
}

function instantOf(text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined
  const at = Date.parse(text.includes('T') && !ZONE.test(text) ? `${text}Z` : text)
  if (Number.isNaN(at)) throw badFilter(text)
  return at as Instant
}

function badFilter(part: string): Failure {
  return new Failure('invalid', 'BadRequest', `The $filter is not valid at '${part}'.`)
}
