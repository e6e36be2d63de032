/**
 * What is known of a client before it proves anything: its name, whether it can keep a secret, and
 * where its users may be sent back to. Microsoft's own public clients exist in every tenant.
 */
import type { ClientId, ObjectId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { findApplicationByClientId } from '../../core/directory/applications.ts'
import { type Profile, profileOf } from '../../core/directory/profiles.ts'

/** `web` clients keep a secret, `spa` ones run in a browser, `publicClient` ones on a device. */
export type Platform = 'web' | 'spa' | 'publicClient'

export interface RedirectUri {
  readonly platform: Platform
  readonly uri: string
}

export interface Registration {
  readonly displayName: string
  /** Whether it may act without proving itself. */
  readonly isPublic: boolean
  readonly redirectUris: readonly RedirectUri[]
}

const NATIVE = 'https://login.microsoftonline.com/common/oauth2/nativeclient'

/** By client id. */
const MICROSOFT: ReadonlyMap<string, Registration> = new Map(
  [
    ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', 'Microsoft Azure CLI'],
    ['1950a258-227b-4e31-a9cf-717495945fc2', 'Microsoft Azure PowerShell'],
    ['14d82eec-204b-4c2f-b7e8-296a70dab67e', 'Microsoft Graph Command Line Tools'],
  ].map(([clientId = '', displayName = '']) => [
    clientId,
    {
      displayName,
      isPublic: true,
      redirectUris: ['http://localhost', NATIVE].map((uri) => ({ platform: 'publicClient', uri })),
    },
  ]),
)

/** Microsoft's own public client with this id, or undefined. */
export function microsoftClient(clientId: ClientId): Registration | undefined {
  return MICROSOFT.get(clientId)
}

/** What the application registered; undefined when the tenant has none with this client id. */
export async function registrationOf(
  call: Call,
  clientId: ClientId,
): Promise<Registration | undefined> {
  const known = microsoftClient(clientId)
  if (known) return known
  const application = await findApplicationByClientId(call, clientId)
  if (application === undefined) return undefined
  const profile = await profileOf(call, application.objectId as ObjectId)
  const redirectUris = (['web', 'spa', 'publicClient'] as const).flatMap((platform) =>
    urisOf(profile, platform).map((uri) => ({ platform, uri })),
  )
  return {
    displayName: application.displayName,
    isPublic:
      profile.isFallbackPublicClient === true ||
      redirectUris.some(({ platform }) => platform !== 'web'),
    redirectUris,
  }
}

/** The registered URI that the asked one is: letter by letter, but for the port on loopback. */
export function findRedirectUri(
  { redirectUris }: Registration,
  asked: string,
): RedirectUri | undefined {
  return redirectUris.find(
    ({ uri }) => uri === asked || (isLoopback(uri) && sameButForPort(uri, asked)),
  )
}

/** Ports on loopback are drawn anew at each sign-in (RFC 8252, 7.3). */
function isLoopback(uri: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1)(?=[:/?]|$)/.test(uri)
}

/** Said of texts, so that no two ways of reading a URL can differ about what was compared. */
function sameButForPort(registered: string, asked: string): boolean {
  const withoutPort = (uri: string) =>
    uri.replace(/^(http:\/\/[a-z0-9.]+):\d{1,5}(?=\/|$)/, '$1').replace(/\/$/, '')
  return withoutPort(registered) === withoutPort(asked)
}

function urisOf(profile: Profile, platform: Platform): readonly string[] {
  const section = profile[platform]
  if (typeof section !== 'object' || section === null || !('redirectUris' in section)) return []
  const { redirectUris } = section
  return Array.isArray(redirectUris)
    ? redirectUris.filter((uri): uri is string => typeof uri === 'string')
    : []
}
