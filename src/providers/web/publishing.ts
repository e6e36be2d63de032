/**
 * How code is published to a site: the user and password that it is made with, and which ways in
 * take them. Nothing is published here; clients read and set these while they make a site.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { findResource, putResource, type Resource } from '../../core/resources/resource.ts'
import type { DerivedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import { publishingUser } from './site-config.ts'
import { hostOf, SITE_TYPE, SLOT_TYPE } from './site-names.ts'
import { closed, isSlot, opened } from './site-settings.ts'

const PASSWORD_BYTES = 45
const PASSWORD = 'publishing-password'

/** The private state of a site that is new: the password it is published with, sealed. */
export function newPublishing(call: Call, site: Pick<Resource, 'id'>): Record<string, unknown> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  return { publishingPassword: closed(call, site, PASSWORD, password) }
}

/** As `config/publishingcredentials/list` answers. */
export function publishingCredentials(call: Call, site: Resource): Record<string, unknown> {
  const user = publishingUser(site.id)
  const password = passwordOf(call, site)
  return {
    name: site.id.name,
    publishingUserName: user,
    publishingPassword: password,
    scmUri: `https://${user}:${password}@${hostOf(site.id, 'scm')}`,
  }
}

/** What a publish profile holds, as `publishxml` answers; a way in that is shut shows no password. */
export function publishProfile(call: Call, site: Resource): string {
  const user = publishingUser(site.id)
  const password = passwordOf(call, site)
  const scm = hostOf(site.id, 'scm')
  const ways = [
    { method: 'MSDeploy', title: 'Web Deploy', url: `${scm}:443`, way: 'scm' },
    {
      method: 'FTP',
      title: 'FTP',
      url: `ftps://${hostOf(site.id, 'ftp')}/site/wwwroot`,
      way: 'ftp',
    },
    { method: 'ZipDeploy', title: 'Zip Deploy', url: `${scm}:443`, way: 'scm' },
  ] as const
  const profiles = ways.map(({ method, title, url, way }) => {
    const facts: Record<string, string> = {
      profileName: `${site.id.name} - ${title}`,
      publishMethod: method,
      publishUrl: url,
      ...(method === 'MSDeploy' && { msdeploySite: site.id.name }),
      userName: user,
      userPWD: isOpen(site, way) ? password : 'REDACTED',
      destinationAppUrl: `http://${hostOf(site.id)}`,
      SQLServerDBConnectionString: '',
      hostingProviderForumLink: '',
      controlPanelLink: 'https://portal.azure.com',
      webSystem: 'WebSites',
    }
    const members = Object.entries(facts).map(([name, value]) => `${name}="${value}"`)
    return `<publishProfile ${members.join(' ')}><databases /></publishProfile>`
  })
  return `<publishData>${profiles.join('')}</publishData>`
}

function passwordOf(call: Call, site: Resource): string {
  return opened(call, site, PASSWORD, String(site.state.publishingPassword))
}

const WAYS = ['ftp', 'scm'] as const
type Way = (typeof WAYS)[number]

const policy = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  kind: z.string().optional(),
  location: z.string().optional(),
  properties: z.strictObject({ allow: z.boolean() }),
})

export const sitePublishingPolicies = policiesOf(SITE_TYPE)
export const slotPublishingPolicies = policiesOf(SLOT_TYPE)

/** `basicPublishingCredentialsPolicies/{ftp|scm}`: whether the password opens this way in. */
function policiesOf(owner: string): DerivedType {
  return {
    kind: 'derived',
    name: `${owner}/basicPublishingCredentialsPolicies`,
    apiVersions: WEB_API_VERSIONS,
    place: 'group',
    async get(call, id) {
      const { site, way } = await found(call, id)
      return { status: 200, body: shown(site, way) }
    },
    async list(call, scope) {
      const site = await findResource(call, scope)
      if (!site) throw missing(scope)
      return { status: 200, body: { value: WAYS.map((way) => shown(site, way)) } }
    },
    async put(tx, id, raw) {
      const { site, way } = await found(tx, id)
      const asked = policy.safeParse(raw)
      if (!asked.success) throw unreadable()
      const shut = { ...(site.state.shutWays as object), [way]: !asked.data.properties.allow }
      const changed = { ...site, state: { ...site.state, shutWays: shut } }
      await putResource(tx, {
        ...changed,
        version: site.version + 1,
        changedAt: tx.now,
        changedBy: callerObjectId(tx),
      })
      return { status: 200, body: shown(changed, way) }
    },
  }
}

function isOpen({ state }: Resource, way: Way): boolean {
  return (state.shutWays as Record<string, boolean> | undefined)?.[way] !== true
}

async function found(call: Call, id: ResourceId) {
  const way = WAYS.find((one) => one === id.name.toLowerCase())
  const site = id.parent && (await findResource(call, id.parent))
  if (!site || !way) throw missing(id)
  return { site, way }
}

function shown(site: Resource, way: Way): object {
  const owner = isSlot(site.id) ? SLOT_TYPE : SITE_TYPE
  return {
    id: `${site.id.text}/basicPublishingCredentialsPolicies/${way}`,
    name: way,
    type: `${owner}/basicPublishingCredentialsPolicies`,
    location: site.location,
    properties: { allow: isOpen(site, way) },
  }
}

function missing(id: ResourceId): Failure {
  return new Failure('missing', 'NotFound', `Cannot find ${id.type} with name ${id.name}.`)
}

function unreadable(): Failure {
  return new Failure(
    'invalid',
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized.',
  )
}
