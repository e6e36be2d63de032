/** Where a deployment runs, as its template's functions tell it. */
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import {
  isManagementGroup,
  MANAGEMENT_GROUP,
  managementGroupResourceId,
  parseResourceId,
  type ResourceId,
  subscriptionResourceId,
  TENANT,
} from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { groupAbove, scopeTree } from '../../core/rbac/scope-tree.ts'
import { findManagementGroup } from '../../core/resources/management-groups.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import type { Place } from '../../core/templates/environment.ts'
import { templateHash } from '../../core/templates/plan.ts'
import { type JsonObject, member } from '../../core/templates/value.ts'
import type { DeploymentAsked } from './deployment-body.ts'

/** Groups that a deployment around this one is going to make, by key. */
export type GroupsToCome = ReadonlyMap<string, JsonObject>

/** @throws Failure missing when the scope is not there */
export async function placeOf(
  call: Call,
  id: ResourceId,
  asked: DeploymentAsked,
  toCome: GroupsToCome,
): Promise<Place> {
  const scope = id.parent ?? TENANT
  const { caller, tenantId, names } = call
  return {
    scope: scope.text,
    tenantId,
    subscription: await subscriptionOf(call, scope),
    resourceGroup: await groupOf(call, scope, toCome),
    managementGroup: await managementGroupOf(call, scope),
    tenant: { tenantId, countryCode: 'US', displayName: 'Locum' },
    deployment: {
      name: id.name,
      ...(asked.location !== undefined && { location: asked.location }),
      properties: {
        ...(asked.templateLink && { templateLink: asked.templateLink }),
        templateHash: templateHash(asked.template),
        mode: asked.mode,
        provisioningState: 'Accepted',
      },
    },
    deployer: {
      objectId: caller.kind === 'principal' ? caller.objectId : '',
      tenantId,
      userPrincipalName: caller.kind === 'principal' && caller.type === 'User' ? caller.label : '',
    },
    environment: environmentOf(names),
  }
}

async function managementGroupOf(call: Call, scope: ResourceId): Promise<JsonObject | undefined> {
  if (!isManagementGroup(scope)) return undefined
  const group = await findManagementGroup(call, scope)
  if (!group) {
    throw new Failure(
      'missing',
      'ManagementGroupNotFound',
      `The management group '${scope.name}' cannot be found.`,
    )
  }
  const above = groupAbove(call, await scopeTree(call.db), group.id)
  const parent = above === undefined ? undefined : parseResourceId(above)
  const shown = parent && (await findManagementGroup(call, parent))
  return {
    id: managementGroupResourceId(group.id.name).text,
    name: group.id.name,
    type: `/providers/${MANAGEMENT_GROUP}`,
    properties: {
      tenantId: call.tenantId,
      displayName: displayNameOf(group),
      details: {
        version: group.version,
        updatedTime: isoSevenDigits(group.changedAt),
        updatedBy: group.changedBy ?? '',
        ...(shown && {
          parent: {
            id: managementGroupResourceId(shown.id.name).text,
            name: shown.id.name,
            displayName: displayNameOf(shown),
          },
        }),
      },
    },
  }
}

function displayNameOf({ id, properties }: Resource): string {
  return String(properties.displayName ?? id.name)
}

async function subscriptionOf(call: Call, scope: ResourceId): Promise<JsonObject | undefined> {
  if (scope.subscriptionId === undefined) return undefined
  const subscription = await findResource(call, subscriptionResourceId(scope.subscriptionId))
  if (!subscription) {
    throw new Failure(
      'missing',
      'SubscriptionNotFound',
      `The subscription '${scope.subscriptionId}' could not be found.`,
    )
  }
  const { id, properties } = subscription
  return {
    id: id.text,
    subscriptionId: id.name,
    tenantId: call.tenantId,
    displayName: String(properties.displayName ?? ''),
  }
}

async function groupOf(
  call: Call,
  scope: ResourceId,
  toCome: GroupsToCome,
): Promise<JsonObject | undefined> {
  if (scope.resourceGroup === undefined) return undefined
  const group = await findResource(call, scope)
  const coming = toCome.get(scope.key)
  if (!group && coming) return coming
  if (!group) {
    throw new Failure(
      'missing',
      'ResourceGroupNotFound',
      `Resource group '${scope.resourceGroup}' could not be found.`,
    )
  }
  return groupDocument(group)
}

/** The document of a group that is not there yet, from what will be written. */
export function groupToCome(id: ResourceId, body: JsonObject): JsonObject {
  return {
    id: id.text,
    name: id.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: member(body, 'location') ?? '',
    tags: member(body, 'tags') ?? {},
    managedBy: member(body, 'managedBy') ?? null,
    properties: { provisioningState: 'Succeeded' },
  }
}

function groupDocument({ id, location, tags, envelope }: Resource): JsonObject {
  return {
    id: id.text,
    name: id.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: location ?? '',
    tags: { ...tags },
    managedBy: typeof envelope.managedBy === 'string' ? envelope.managedBy : null,
    properties: { provisioningState: 'Succeeded' },
  }
}

/** The cloud, by the names under which the caller knows it. */
function environmentOf(names: Call['names']): JsonObject {
  const [management, login] = [names.origin('management'), names.origin('login')]
  const suffix = (service: 'vault' | 'blob') =>
    names.accountOrigin(service, 'x').replace(/^https:\/\/x\./, '')
  return {
    name: 'AzureCloud',
    gallery: 'https://gallery.azure.com/',
    graph: 'https://graph.windows.net/',
    portal: 'https://portal.azure.com',
    graphAudience: 'https://graph.windows.net/',
    activeDirectoryDataLake: 'https://datalake.azure.net/',
    batch: 'https://batch.core.windows.net/',
    media: 'https://rest.media.azure.net',
    sqlManagement: 'https://management.core.windows.net:8443/',
    vmImageAliasDoc: '',
    resourceManager: `${management}/`,
    authentication: {
      loginEndpoint: `${login}/`,
      audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
      tenant: 'common',
      identityProvider: 'AAD',
    },
    suffixes: {
      keyvaultDns: `.${suffix('vault')}`,
      storage: suffix('blob').replace(/^blob\./, ''),
      acrLoginServer: '.azurecr.io',
      sqlServerHostname: '.database.windows.net',
    },
  }
}
