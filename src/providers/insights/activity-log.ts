/**
 * `…/eventtypes/management/values?$filter=…`: what was changed in a subscription, by whom, and what
 * was refused. Whoever may read events of a group may ask for that group's.
 */
import { createHash } from 'node:crypto'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { decodeSkipToken, encodeSkipToken } from '../../base/page.ts'
import { type ResourceId, readResourceId } from '../../base/resource-id.ts'
import { type Activity, activityOf } from '../../core/audit/activity.ts'
import type { Call } from '../../core/call.ts'
import type { DerivedType } from '../provider.ts'
import { type ActivityFilter, readActivityFilter } from './filter.ts'

const NAME = 'Microsoft.Insights/eventtypes/values'

export const activityLog: DerivedType = {
  kind: 'derived',
  name: NAME,
  apiVersions: ['2014-04-01', '2015-04-01', '2017-03-01-preview'],
  place: 'subscription',
  /** A filter narrows what is asked for, and so what must be permitted. */
  async needs(_call, at, _verb, _body, query) {
    return [{ action: `${NAME}/read`, scope: readActivityFilter(query.$filter, at).scope }]
  },
  async list(call, at, query) {
    if (at.name.toLowerCase() !== 'management') throw noSuchEvents(at.name)
    const filter = readActivityFilter(query.$filter, at)
    const after = query.$skiptoken
    const before = after === undefined ? undefined : Number(decodeSkipToken(after))
    const { items, next } = await activityOf(call, { ...filter, before })
    const shown = items
      .filter((entry) => fits(entry, filter))
      .map((entry) => shownEvent(call, entry))
    return {
      status: 200,
      body: { value: shown, ...(next && { nextLink: nextLink(call, at, query, next) }) },
    }
  },
}

function noSuchEvents(name: string): Failure {
  return new Failure('missing', 'NotFound', `There are no events of the type '${name}'.`)
}

function fits({ action, caller }: Activity, filter: ActivityFilter): boolean {
  const provider = action.slice(0, action.indexOf('/')).toLowerCase()
  return (
    (filter.provider === undefined || provider === filter.provider.toLowerCase()) &&
    (filter.caller === undefined || caller === filter.caller)
  )
}

function nextLink(
  call: Call,
  at: ResourceId,
  query: Readonly<Record<string, string>>,
  next: string,
): string {
  const parameters = new URLSearchParams({ ...query, $skiptoken: encodeSkipToken(next) })
  return `${call.names.origin('management')}${at.text}/values?${parameters}`
}

function shownEvent(call: Call, entry: Activity): object {
  const { at, action, scope, outcome, callId, caller } = entry
  const id = readResourceId(scope)
  const refused = outcome === 'denied' || outcome === 'failed'
  const time = isoSevenDigits(at)
  const eventDataId = eventIdOf(entry)
  return {
    authorization: { action, scope },
    caller,
    channels: 'Operation',
    claims: {},
    correlationId: callId,
    description: '',
    eventDataId,
    eventName: said('EndRequest', 'End request'),
    category: said('Administrative'),
    eventTimestamp: time,
    id: `${scope}/events/${eventDataId}/ticks/${at}`,
    level: refused ? 'Error' : 'Informational',
    operationId: callId,
    operationName: said(action),
    resourceGroupName: id?.resourceGroup,
    resourceProviderName: said(action.slice(0, action.indexOf('/'))),
    resourceType: said(id?.type ?? ''),
    resourceId: scope,
    status: said(refused ? 'Failed' : 'Succeeded'),
    subStatus: said(outcome === 'denied' ? 'Forbidden' : ''),
    submissionTimestamp: time,
    subscriptionId: id?.subscriptionId,
    tenantId: call.tenantId,
    properties: entry.facts,
  }
}

function said(value: string, localizedValue = value): object {
  return { value, localizedValue }
}

/** A GUID that is the event's own, and the same whenever it is read. */
function eventIdOf({ sequence, callId }: Activity): string {
  const hex = createHash('sha256').update(`${callId}:${sequence}`).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
