import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource } from '../../core/resources/resource.ts'
import { oneOf } from '../one-of.ts'
import { type DerivedType, storedType } from '../provider.ts'
import { withoutSecrets } from '../without-secrets.ts'

type Json = Readonly<Record<string, unknown>>

const NAME = 'Microsoft.ContainerInstance/containerGroups'
const API_VERSIONS = [
  '2018-10-01',
  '2019-12-01',
  '2021-10-01',
  '2022-10-01-preview',
  '2023-05-01',
  '2024-05-01-preview',
  '2025-09-01',
  '2026-06-01-preview',
]

const container = z.looseObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  properties: z.looseObject({
    image: z.string(),
    resources: z.looseObject({ requests: z.looseObject({}).optional() }).optional(),
  }),
})
/** The files of a secret volume are written into it, and never shown. */
const volume = z
  .looseObject({ name: z.string() })
  .transform((one) =>
    Object.fromEntries(
      Object.entries(one).map(([name, value]) =>
        name.toLowerCase() === 'secret' ? ['secret', {}] : [name, value],
      ),
    ),
  )
const properties = z.looseObject({
  volumes: z.array(volume).optional(),
  containers: z.array(container).min(1).max(60),
  osType: oneOf(['Linux', 'Windows']).optional(),
  restartPolicy: oneOf(['Always', 'OnFailure', 'Never']).optional(),
  sku: z.string().optional(),
  ipAddress: z.looseObject({ dnsNameLabel: z.string().optional() }).optional(),
  subnetIds: z.array(z.looseObject({ id: z.string() })).optional(),
})
type Properties = z.infer<typeof properties>

/** A container group. Its secure values and passwords go in and are not kept. */
export const containerGroups = storedType<Properties>({
  kind: 'stored',
  name: NAME,
  apiVersions: API_VERSIONS,
  place: 'group',
  unmovable: true,
  location: 'required',
  identity: 'system-and-user',
  envelope: ['zones'],
  names: { pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/ },
  properties,
  uses: ({ id, properties: { subnetIds } }) =>
    (subnetIds ?? []).map((subnet) => ({
      from: id.text,
      to: parseResourceId(subnet.id),
      action: 'Microsoft.Network/virtualNetworks/subnets/join/action',
    })),
  async settle(_tx, { id, location, properties: asked }) {
    const { instanceView: _, ipAddress, containers, ...given } = withoutSecrets(asked)
    return {
      properties: {
        sku: 'Standard',
        osType: 'Linux',
        restartPolicy: 'Always',
        initContainers: [],
        isCustomProvisioningTimeout: false,
        ...given,
        containers: containers.map(settledContainer),
        ...(ipAddress && { ipAddress: settledAddress(ipAddress, id.key, location) }),
      },
    }
  },
  async shown(_call, { properties: kept }) {
    return { ...kept, instanceView: { events: [], state: 'Stopped' } }
  },
  actions: {
    start: async () => ({ status: 204 }),
    stop: async () => ({ status: 204 }),
    restart: async () => ({ status: 204 }),
  },
})

/** Lists that are not given are shown empty, and what is not asked for is one core and 1.5 GB. */
function settledContainer({ name, properties: asked }: z.infer<typeof container>): Json {
  const requests = { memoryInGB: 1.5, cpu: 1, ...asked.resources?.requests }
  return {
    name,
    properties: {
      ports: [],
      environmentVariables: [],
      ...asked,
      resources: { ...asked.resources, requests },
    },
  }
}

/** For addresses that are shown and reached by nobody (RFC 5737). */
const DOCUMENTATION = '203.0.113.'

function settledAddress(asked: Json, key: string, location: string | undefined): Json {
  const last = 1 + ((createHash('sha256').update(key).digest()[0] ?? 0) % 254)
  const label = asked.dnsNameLabel
  const isPublic = String(asked.type ?? 'Public').toLowerCase() === 'public'
  return {
    type: 'Public',
    ports: [],
    ...asked,
    ...(isPublic && { ip: `${DOCUMENTATION}${last}` }),
    ...(label !== undefined && { fqdn: `${label}.${location}.azurecontainer.io` }),
  }
}

/** What is done in a container, of which none runs. */
export const containers: DerivedType = {
  kind: 'derived',
  name: `${NAME}/containers`,
  apiVersions: API_VERSIONS,
  place: 'group',
  actions: {
    async exec(tx, id) {
      await requireContainer(tx, id)
      throw notRunning(id.name)
    },
  },
}

/** What a container has written: nothing. */
export const containerLogs: DerivedType = {
  kind: 'derived',
  name: `${NAME}/containers/logs`,
  apiVersions: API_VERSIONS,
  place: 'group',
  async list(call, id) {
    await requireContainer(call, id)
    return { status: 200, body: { content: '' } }
  },
}

/** @throws Failure missing */
async function requireContainer(call: Call, id: ResourceId): Promise<void> {
  const group = id.parent && (await findResource(call, id.parent))
  const names = (group?.properties.containers ?? []) as readonly { readonly name: string }[]
  if (names.some(({ name }) => name === id.name)) return
  throw new Failure(
    'missing',
    group ? 'ContainerNotFound' : 'ResourceNotFound',
    `The container '${id.name}' is not found in the container group '${id.parent?.name}'.`,
  )
}

function notRunning(name: string): Failure {
  return new Failure(
    'conflict',
    'ContainerNotRunning',
    `The container '${name}' is not running: no container runs here.`,
  )
}
