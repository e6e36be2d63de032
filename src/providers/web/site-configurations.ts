/** `sites/{site}/config/{name}`: settings, put as a whole, listed by those who may see secrets. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { findResource, putResource, type Resource } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import { CONFIGURATIONS, configurationNamed, settingsOf, withSettings } from './site-settings.ts'

const NAME = 'Microsoft.Web/sites/config'

const body = z
  .strictObject({
    id: z.unknown(),
    name: z.unknown(),
    type: z.unknown(),
    kind: z.unknown(),
    location: z.unknown(),
    tags: z.unknown(),
    systemData: z.unknown(),
    properties: z.record(z.string(), z.unknown()),
  })
  .partial({
    id: true,
    name: true,
    type: true,
    kind: true,
    location: true,
    tags: true,
    systemData: true,
  })

export const siteConfigurations: DerivedType = {
  kind: 'derived',
  name: NAME,
  apiVersions: WEB_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const { site, configuration } = await found(call, id)
    const settings = configuration.secret ? {} : settingsOf(call, site, configuration)
    return { status: 200, body: document(site, configuration.name, settings) }
  },
  async list(call, scope) {
    const site = await findResource(call, scope)
    if (!site) throw missing(scope)
    const value = CONFIGURATIONS.filter(({ secret }) => !secret).map((one) =>
      document(site, one.name, settingsOf(call, site, one)),
    )
    return { status: 200, body: { value } }
  },
  async put(tx, id, raw) {
    return keep(tx, id, () => read(raw))
  },
  async patch(tx, id, raw) {
    return keep(tx, id, (before) => ({ ...before, ...read(raw) }))
  },
  actions: {
    async list(tx, id) {
      const { site, configuration } = await found(tx, id)
      const settings = settingsOf(tx, site, configuration)
      return { status: 200, body: document(site, configuration.name, settings) }
    },
  },
}

type Settings = Readonly<Record<string, unknown>>

async function keep(
  tx: Transaction,
  id: ResourceId,
  change: (before: Settings) => Settings,
): Promise<Answer> {
  const { site, configuration } = await found(tx, id)
  const settings = change(settingsOf(tx, site, configuration))
  await putResource(tx, {
    ...site,
    state: withSettings(tx, site, configuration, settings),
    version: site.version + 1,
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  })
  return { status: 200, body: document(site, configuration.name, settings) }
}

function read(raw: unknown): Settings {
  const asked = body.safeParse(raw)
  if (asked.success) return asked.data.properties
  throw new Failure(
    'invalid',
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized.',
  )
}

async function found(call: Call, id: ResourceId) {
  const site = id.parent && (await findResource(call, id.parent))
  const configuration = configurationNamed(id.name)
  if (!site || !configuration) throw missing(id)
  return { site, configuration }
}

function missing(id: ResourceId): Failure {
  return new Failure('missing', 'NotFound', `Cannot find ${id.type} with name ${id.name}.`)
}

function document({ id, location, kind }: Resource, name: string, properties: Settings): object {
  return { id: `${id.text}/config/${name}`, name, type: NAME, location, kind, properties }
}
