/**
 * `sites/{site}/config/{name}`, of sites and of slots: settings, put as a whole and listed by those
 * who may see secrets, and `web`, which is the configuration inside the site by a path of its own.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { refuseLocked } from '../../core/resources/locks.ts'
import { findResource, putResource, type Resource } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import { publishingCredentials } from './publishing.ts'
import { changedConfig, wholeConfig } from './site-config.ts'
import { SITE_TYPE, SLOT_TYPE } from './site-names.ts'
import {
  CONFIGURATIONS,
  type Configuration,
  configurationNamed,
  isSlot,
  settingsOf,
  withSettings,
  withSettingsOf,
} from './site-settings.ts'

type Json = Readonly<Record<string, unknown>>

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

export const siteConfigurations = configurationsOf(SITE_TYPE)
export const slotConfigurations = configurationsOf(SLOT_TYPE)
export const siteConfigurationLists = listsOf(SITE_TYPE)
export const slotConfigurationLists = listsOf(SLOT_TYPE)

function configurationsOf(owner: string): DerivedType {
  return {
    kind: 'derived',
    name: `${owner}/config`,
    apiVersions: WEB_API_VERSIONS,
    place: 'group',
    async get(call, id) {
      const site = await found(call, id)
      if (isWeb(id)) return { status: 200, body: document(site, 'web', wholeConfig(site)) }
      const one = named(id)
      return shown(site, one, one.listed ? {} : settingsOf(call, site, one))
    },
    async list(call, scope) {
      const site = await findResource(call, scope)
      if (!site) throw missing(scope)
      const others = CONFIGURATIONS.filter(({ listed }) => !listed).map((one) =>
        document(site, one.name, settingsOf(call, site, one) ?? {}),
      )
      return { status: 200, body: { value: [document(site, 'web', wholeConfig(site)), ...others] } }
    },
    async put(tx, id, raw) {
      if (isWeb(id)) return keepWeb(tx, id, read(raw))
      return keep(tx, id, () => read(raw))
    },
    async patch(tx, id, raw) {
      if (isWeb(id)) return keepWeb(tx, id, read(raw))
      return keep(tx, id, (before) => ({ ...before, ...read(raw) }))
    },
    actions: {
      async list(tx, id) {
        // As with any action: what is listed hands out the power to write.
        await refuseLocked(tx, id, 'write')
        const site = await found(tx, id)
        if (id.name.toLowerCase() === 'publishingcredentials') {
          const credentials = publishingCredentials(tx, site)
          return { status: 200, body: document(site, 'publishingcredentials', credentials) }
        }
        const one = named(id)
        return shown(site, one, settingsOf(tx, site, one))
      },
    },
  }
}

/** GET of `{configuration}/list`, which some clients use where POST is meant; it needs as much. */
function listsOf(owner: string): DerivedType {
  return {
    kind: 'derived',
    name: `${owner}/config/list`,
    apiVersions: WEB_API_VERSIONS,
    place: 'group',
    needs: async (_call, id) => [{ action: `${owner}/config/list/action`, scope: id }],
    async list(call, id) {
      const site = await found(call, id)
      const one = named(id)
      if (one.name !== 'authsettingsV2') throw missing(id)
      return shown(site, one, settingsOf(call, site, one))
    },
  }
}

async function keep(
  tx: Transaction,
  id: ResourceId,
  change: (before: Json) => Json,
): Promise<Answer> {
  const site = await found(tx, id)
  const one = named(id)
  const settings = change(settingsOf(tx, site, one) ?? {})
  await changeSite(tx, { ...site, state: withSettings(tx, site, one, settings) })
  return shown(site, one, settings)
}

async function keepWeb(tx: Transaction, id: ResourceId, config: Json): Promise<Answer> {
  const site = await found(tx, id)
  const before = (site.properties.siteConfig ?? {}) as Json
  const changed: Resource = {
    ...site,
    properties: { ...site.properties, siteConfig: changedConfig(before, config) },
    state: withSettingsOf(tx, site, config),
  }
  await changeSite(tx, changed)
  return { status: 200, body: document(changed, 'web', wholeConfig(changed)) }
}

function changeSite(tx: Transaction, site: Resource): Promise<void> {
  return putResource(tx, {
    ...site,
    version: site.version + 1,
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  })
}

function read(raw: unknown): Json {
  const asked = body.safeParse(raw)
  if (asked.success) return asked.data.properties
  throw new Failure(
    'invalid',
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized.',
  )
}

async function found(call: Call, id: ResourceId): Promise<Resource> {
  const site = id.parent && (await findResource(call, id.parent))
  if (!site) throw missing(id)
  return site
}

/** @throws Failure missing; names that are sticky are the site's, for all its slots */
function named(id: ResourceId): Configuration {
  const one = configurationNamed(id.name)
  const isOfSiteOnly = one?.name === 'slotConfigNames'
  if (!one || (isOfSiteOnly && id.parent && isSlot(id.parent))) throw missing(id)
  return one
}

function isWeb({ name }: ResourceId): boolean {
  return name.toLowerCase() === 'web'
}

function shown(site: Resource, { name }: Configuration, settings: Json | undefined): Answer {
  if (settings) return { status: 200, body: document(site, name, settings) }
  throw new Failure('missing', 'NotFound', `Cannot find ${name} of the site '${site.id.name}'.`)
}

function missing(id: ResourceId): Failure {
  return new Failure('missing', 'NotFound', `Cannot find ${id.type} with name ${id.name}.`)
}

function document({ id, location, kind }: Resource, name: string, properties: Json): object {
  const type = `${isSlot(id) ? SLOT_TYPE : SITE_TYPE}/config`
  return { id: `${id.text}/config/${name}`, name, type, location, kind, properties }
}
