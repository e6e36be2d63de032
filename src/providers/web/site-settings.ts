/**
 * The configurations of a site, in its private state: those that may hold secrets rest sealed and
 * are shown only to those who may list them.
 */
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'

type Json = Readonly<Record<string, unknown>>

interface Configuration {
  readonly name: string
  readonly secret: boolean
}

/** Every configuration a site has, from its start. */
export const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'appsettings', secret: true },
  { name: 'connectionstrings', secret: true },
  { name: 'azurestorageaccounts', secret: true },
  { name: 'authsettings', secret: true },
  { name: 'metadata', secret: true },
  { name: 'logs', secret: false },
  { name: 'slotConfigNames', secret: false },
  { name: 'web', secret: false },
]

/** The configuration of a name, whatever its case. */
export function configurationNamed(name: string): Configuration | undefined {
  const wanted = name.toLowerCase()
  return CONFIGURATIONS.find((one) => one.name.toLowerCase() === wanted)
}

export function settingsOf(call: Call, site: Resource, { name, secret }: Configuration): Json {
  const kept = (site.state.configurations as Json | undefined)?.[name]
  if (kept === undefined) return {}
  if (!secret) return kept as Json
  const sealed = Buffer.from(String(kept), 'base64')
  return JSON.parse(call.seal.open(sealed, contextOf(site, name)).toString('utf8'))
}

/** The private state of the site with one configuration replaced. */
export function withSettings(
  call: Call,
  site: Pick<Resource, 'id' | 'state'>,
  { name, secret }: Configuration,
  settings: Json,
): Json {
  const kept = secret ? sealed(call, site, name, settings) : settings
  return {
    ...site.state,
    configurations: { ...(site.state.configurations as Json | undefined), [name]: kept },
  }
}

function sealed(call: Call, site: Pick<Resource, 'id'>, name: string, settings: Json): string {
  const bytes = call.seal.close(Buffer.from(JSON.stringify(settings)), contextOf(site, name))
  return Buffer.from(bytes).toString('base64')
}

/** Bound to the site's name, which is its own wherever it moves. */
function contextOf({ id }: Pick<Resource, 'id'>, name: string): string {
  return `site:${id.name.toLowerCase()}/${name}`
}
