/**
 * A group as a template: what is in it, written so that it could be deployed again.
 *
 * Secrets are not in it: those that a body brought in were never kept, and what a type keeps for
 * itself is not exported. Nor are locks and role assignments, which belong to whoever runs a group.
 */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import type { Call } from '../../../core/call.ts'
import { identitiesOf } from '../../../core/identity/attached.ts'
import { authorize } from '../../../core/rbac/check.ts'
import { resourcesBelow } from '../../../core/resources/lists.ts'
import type { Resource } from '../../../core/resources/resource.ts'
import { transaction } from '../../../core/transaction.ts'
import { type Route, route } from '../../../http/route.ts'
import type { StoredType } from '../../../providers/provider.ts'
import { actionPrefix } from '../asking.ts'
import { requireScope } from '../existence.ts'
import { permit } from '../permit.ts'
import { summary } from '../present.ts'
import { type Registry, readOwnApiVersion } from '../registry.ts'
import { type Exported, exportedTemplate } from './exported-template.ts'

const GROUPS = 'Microsoft.Resources/subscriptions/resourceGroups'
/** What is kept of it; it needs no more than reading the group, and each resource in it. */
const ACTION = `${GROUPS}/exportTemplate/action`

const input = z.object({
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  body: z.strictObject({
    /** Ids of resources of the group, or `*`. */
    resources: z.array(z.string()).default(['*']),
    /** `SkipAllParameterization`, `SkipResourceNameParameterization` and others, with commas. */
    options: z.string().optional(),
    outputFormat: z.literal('Json').optional(),
  }),
})

export function exportRoutes(registry: Registry): Route[] {
  return [
    route<z.infer<typeof input>>({
      method: 'POST',
      path: '/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/exportTemplate',
      guard: { kind: 'principal' },
      input,
      async answer(call, { params, query, body }) {
        readOwnApiVersion(query)
        const group = parseResourceId(
          `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroup}`,
        )
        await permit(call, `${GROUPS}/read`, group)
        await requireScope(call, group)
        const { exported, refused } = await exportedOf(call, registry, group, body.resources)
        await transaction(call, (tx) =>
          record(tx, { action: ACTION, scope: group.text, outcome: 'done' }),
        )
        const isLiteral = /\bSkip(AllParameterization|ResourceNameParameterization)\b/i.test(
          body.options ?? '',
        )
        return {
          status: 200,
          body: {
            template: exportedTemplate(exported, isLiteral),
            ...(refused.length > 0 && { error: withErrors(refused) }),
          },
        }
      },
    }),
  ]
}

/** Parents before what is below them. */
async function exportedOf(
  call: Call,
  registry: Registry,
  group: ResourceId,
  asked: readonly string[],
): Promise<{ exported: Exported[]; refused: ErrorDetail[] }> {
  const all = (await resourcesBelow(call, group)).toReversed()
  const roots = asked.includes('*') ? [group] : asked.map(parseResourceId)
  const exported: Exported[] = []
  const refused: ErrorDetail[] = []
  for (const resource of all) {
    const type = registry.find(resource.type)
    if (type?.kind !== 'stored' || type.place !== 'group') continue
    const { key } = resource.id
    if (!roots.some((root) => key === root.key || key.startsWith(`${root.key}/`))) continue
    const why = await refusalOf(call, `${actionPrefix(type)}/read`, resource.id)
    if (why) {
      refused.push(why)
      continue
    }
    exported.push({
      id: resource.id,
      type: type.name,
      apiVersion: type.apiVersions.at(-1) ?? '',
      members: await membersOf(call, type, resource),
    })
  }
  return { exported, refused }
}

interface ErrorDetail {
  readonly code: string
  readonly message: string
  readonly target: string
}

/** Why the caller may not read the resource; undefined when it may. */
async function refusalOf(
  call: Call,
  action: string,
  scope: ResourceId,
): Promise<ErrorDetail | undefined> {
  try {
    await authorize(call, { action, kind: 'action', scope })
    return undefined
  } catch (reason) {
    if (!(reason instanceof Failure) || reason.fault !== 'forbidden') throw reason
    return { code: reason.code, message: reason.message, target: scope.text }
  }
}

function withErrors(details: readonly ErrorDetail[]): object {
  return {
    code: 'ExportTemplateCompletedWithErrors',
    message:
      'Export template operation completed with errors. Some resources were not exported. Please see details for more information.',
    details,
  }
}

async function membersOf(
  call: Call,
  type: StoredType,
  resource: Resource,
): Promise<Record<string, unknown>> {
  const { id: _id, name: _name, type: _type, ...members } = summary(type, resource)
  const { systemAssigned, userAssigned } = await identitiesOf(call, resource.id.key)
  const kinds = [systemAssigned && 'SystemAssigned', userAssigned.length > 0 && 'UserAssigned']
  const identity = kinds.filter(Boolean).join(', ')
  return {
    ...members,
    ...(type.identity !== 'none' &&
      identity !== '' && {
        identity: {
          type: identity,
          ...(userAssigned.length > 0 && {
            userAssignedIdentities: Object.fromEntries(userAssigned.map(({ id }) => [id.text, {}])),
          }),
        },
      }),
    properties: resource.properties,
  }
}
