import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'

const properties = z.looseObject({
  Application_Type: z.string().optional(),
  Flow_Type: z.string().optional(),
  Request_Source: z.string().optional(),
  SamplingPercentage: z.number().optional(),
  RetentionInDays: z.int().optional(),
  DisableIpMasking: z.boolean().optional(),
  DisableLocalAuth: z.boolean().optional(),
  ForceCustomerStorageForProfiler: z.boolean().optional(),
  ImmediatePurgeDataOn30Days: z.boolean().optional(),
  publicNetworkAccessForIngestion: z.string().optional(),
  publicNetworkAccessForQuery: z.string().optional(),
  WorkspaceResourceId: z.string().optional(),
})

/** How long what is told may be kept: Azure offers these. */
const RETENTIONS = [30, 60, 90, 120, 180, 270, 365, 550, 730]

/** What a component may be told in a day, in gigabytes, and what is said of it. */
const USUAL_CAP = { Cap: 100, WarningThreshold: 90, StopSendNotificationWhenHitCap: false }

/**
 * A component of Application Insights, which is told nothing here. Its instrumentation key says
 * where to tell, and opens nothing: readers see it, as in Azure.
 */
export const components = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Insights/components',
  apiVersions: ['2015-05-01', '2018-05-01-preview', '2020-02-02-preview', '2020-02-02'],
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { pattern: /^[\p{L}\p{N}._()-]{0,259}[\p{L}\p{N}_()-]$/u },
  properties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  uses: ({ id, properties: { WorkspaceResourceId: workspace } }, before) => {
    const to = workspace ?? before?.properties.WorkspaceResourceId
    if (typeof to !== 'string') return []
    const action = 'Microsoft.OperationalInsights/workspaces/read'
    return [{ from: id.text, to: parseResourceId(to), action }]
  },
  async settle(_tx, { id, kind, properties: asked }, before) {
    const known = Object.keys(properties.shape)
    const given = Object.entries(asked).filter(([name]) => known.includes(name))
    const kept = { ...before?.properties, ...Object.fromEntries(given) }
    refuseRetention(asked.RetentionInDays)
    return {
      kind: kind ?? before?.kind ?? 'web',
      properties: {
        Application_Type: 'web',
        Flow_Type: 'Bluefield',
        Request_Source: 'rest',
        RetentionInDays: 90,
        DisableIpMasking: false,
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Enabled',
        AppId: randomUUID(),
        InstrumentationKey: randomUUID(),
        ...kept,
        ApplicationId: id.name,
        IngestionMode: kept.WorkspaceResourceId ? 'LogAnalytics' : 'ApplicationInsights',
      },
    }
  },
  async shown(call, component) {
    return {
      ...component.properties,
      Name: component.id.name,
      ConnectionString: connectionString(component),
      CreationDate: isoSevenDigits(component.createdAt),
      TenantId: component.id.subscriptionId ?? call.tenantId,
      Ver: 'v2',
    }
  },
  reads: { currentbillingfeatures: async (_call, component) => billing(component) },
  writes: {
    async currentbillingfeatures(_tx, component, body) {
      const cap = { ...(component.state.cap as object), ...readCap(body) }
      const state = { ...component.state, cap }
      return { state, body: billing({ ...component, state }) }
    },
  },
})

const billingBody = z.strictObject({
  CurrentBillingFeatures: z.array(z.string()).nullish(),
  DataVolumeCap: z
    .strictObject({
      Cap: z.number().min(0).nullish(),
      WarningThreshold: z.int().min(0).max(100).nullish(),
      StopSendNotificationWhenHitThreshold: z.boolean().nullish(),
      StopSendNotificationWhenHitCap: z.boolean().nullish(),
      // Read only: clients send back what they were shown.
      MaxHistoryCap: z.unknown(),
      ResetTime: z.unknown(),
    })
    .partial({ MaxHistoryCap: true, ResetTime: true })
    .nullish(),
})

/** @throws Failure invalid */
function readCap(body: unknown): Record<string, unknown> {
  const asked = billingBody.safeParse(body)
  if (!asked.success) {
    throw new Failure(
      'invalid',
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized.',
    )
  }
  const { MaxHistoryCap: _, ResetTime: __, ...cap } = asked.data.DataVolumeCap ?? {}
  return Object.fromEntries(Object.entries(cap).filter(([, value]) => value != null))
}

function billing({ state }: Resource): object {
  return {
    CurrentBillingFeatures: ['Basic'],
    DataVolumeCap: { ...USUAL_CAP, ...(state.cap as object), MaxHistoryCap: 1000, ResetTime: 0 },
  }
}

function connectionString({ location, properties: kept }: Resource): string {
  return [
    `InstrumentationKey=${kept.InstrumentationKey}`,
    `IngestionEndpoint=https://${location}-0.in.applicationinsights.azure.com/`,
    `LiveEndpoint=https://${location}.livediagnostics.monitor.azure.com/`,
    `ApplicationId=${kept.AppId}`,
  ].join(';')
}

/** @throws Failure invalid */
function refuseRetention(days: number | undefined): void {
  if (days === undefined || RETENTIONS.includes(days)) return
  throw new Failure(
    'invalid',
    'InvalidRetention',
    `The retention '${days}' is not valid. It is one of ${RETENTIONS.join(', ')} days.`,
  )
}
