/**
 * `/metadata/instance/compute`: what a machine may know about itself, as far as libraries ask while
 * they look for tokens (the region above all). Every value is text; what is not there is ''.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { findResourceByKey, type Resource } from '../../core/resources/resource.ts'
import { type RawInput, type Route, route } from '../../http/route.ts'
import { requireApiVersion } from './api-versions.ts'
import { machineKey } from './machine-key.ts'
import { requireMetadataHeader } from './metadata-header.ts'

export function instanceRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/metadata/instance/compute',
      guard: { kind: 'machine' },
      input: z.custom<RawInput>(),
      async answer(call, { headers, query }) {
        requireMetadataHeader(headers)
        requireApiVersion(query)
        const machine = await findResourceByKey(call, machineKey(call))
        if (!machine) throw new Failure('missing', 'NotFound', 'This machine has no metadata.')
        return { status: 200, body: compute(machine) }
      },
    }),
  ]
}

function compute({ id, location, properties, tags = {} }: Resource): object {
  const tagsList = Object.entries(tags).map(([name, value]) => ({ name, value }))
  return {
    azEnvironment: 'AzurePublicCloud',
    location: location ?? '',
    name: id.name,
    osType: textAt(properties, 'storageProfile', 'osDisk', 'osType'),
    provider: 'Microsoft.Compute',
    resourceGroupName: id.resourceGroup ?? '',
    resourceId: id.text,
    subscriptionId: id.subscriptionId ?? '',
    tags: tagsList.map(({ name, value }) => `${name}:${value}`).join(';'),
    tagsList,
    vmId: textAt(properties, 'vmId'),
    vmSize: textAt(properties, 'hardwareProfile', 'vmSize'),
  }
}

function textAt(value: unknown, ...path: readonly string[]): string {
  let at = value
  for (const name of path) at = (at as Record<string, unknown> | undefined)?.[name]
  return typeof at === 'string' ? at : ''
}
