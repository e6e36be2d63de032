/**
 * Scopes of sign-ins: which resource a client wants to reach in a user's name, and what it may do
 * there. Everybody in the tenant has consented to everything; what a user may do is a matter of
 * the user's roles.
 */

import type { Call } from '../../core/call.ts'
import { firstPartyName } from '../../core/tokens/audiences.ts'
import { refusal } from './errors.ts'
import { findTarget, type Target } from './target.ts'
import type { TokenRequest } from './token-request.ts'

export interface SignInScopes {
  readonly target: Target
  /** `scp` of the access token. */
  readonly granted: string
  /** What the client is told it got: everything it asked for, in its own words. */
  readonly told: string
  readonly wantsIdToken: boolean
  readonly wantsRefreshToken: boolean
}

const OPENID: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access'])
const DEFAULT = '.default'
const LONGEST_SCOPE_CHARS = 4096
const GRAPH = 'https://graph.microsoft.com'

/** What `.default` stands for, by the name of the resource; `user_impersonation` elsewhere. */
const DEFAULT_SCOPES: Readonly<Record<string, readonly string[]>> = {
  'Microsoft Graph': [
    'Application.ReadWrite.All',
    'AppRoleAssignment.ReadWrite.All',
    'DelegatedPermissionGrant.ReadWrite.All',
    'Directory.AccessAsUser.All',
    'Group.ReadWrite.All',
    'User.ReadWrite.All',
  ],
}

/** What the request asks for in the words of version 2; undefined when it asks for nothing. */
export function askedScope({ version, resource, scope }: TokenRequest): string | undefined {
  if (version === 'v2') {
    if (resource !== undefined) throw refusal(901002)
    return scope
  }
  // Version 1 names a resource and gets all there is.
  return resource === undefined ? undefined : scopeOfResource(resource)
}

/** A version 1 request for a resource, in the words of version 2. */
export function scopeOfResource(resource: string): string {
  return `${resource}/${DEFAULT} openid profile offline_access`
}

/**
 * Reads what is asked for.
 * @throws Failure invalid `AADSTS900144`, `AADSTS70011`, `AADSTS28000`, `AADSTS500011`
 */
export async function readScopes(call: Call, scope: string | undefined): Promise<SignInScopes> {
  const asked = [...new Set((scope ?? '').split(/\s+/).filter((one) => one !== ''))]
  if (asked.length === 0) throw refusal(900144, { name: 'scope' })
  if (scope && scope.length > LONGEST_SCOPE_CHARS) throw refusal(70011, { scope })
  const openid = asked.filter((one) => OPENID.has(one))
  const ofResource = asked.filter((one) => !OPENID.has(one)).map(takeApart)
  const [{ resource } = { resource: GRAPH }, ...others] = ofResource
  if (others.some((other) => other.resource !== resource)) {
    throw refusal(28000, { scope: asked.join(' ') })
  }
  const target = await findTarget(call, resource)
  const names = ofResource.map(({ name }) => name)
  const all = names.length === 0 || names.includes(DEFAULT)
  const defaults = all ? defaultScopes(call, resource) : []
  const signIn = openid.filter((one) => one !== 'offline_access')
  const granted = [
    ...new Set([
      // Graph's own endpoint says who signed in, to whom was granted to know it.
      ...(target.isGraph ? signIn : []),
      ...names.filter((name) => name !== DEFAULT),
      ...defaults,
    ]),
  ]
  return {
    target,
    granted: granted.join(' '),
    told: [
      ...new Set([
        ...signIn,
        ...ofResource.map(({ text }) => text),
        ...defaults.map((name) => `${resource}/${name}`),
      ]),
    ].join(' '),
    wantsIdToken: openid.includes('openid'),
    wantsRefreshToken: openid.includes('offline_access'),
  }
}

interface ResourceScope {
  /** As it was asked for. */
  readonly text: string
  readonly resource: string
  readonly name: string
}

/** `https://vault.azure.net/.default`; a name alone is one of Microsoft Graph's. */
function takeApart(text: string): ResourceScope {
  const slash = text.lastIndexOf('/')
  const [resource, name] = slash < 0 ? [GRAPH, text] : [text.slice(0, slash), text.slice(slash + 1)]
  if (resource === '' || !/^[\w.-]+$/.test(name)) throw refusal(70011, { scope: text })
  return { text, resource, name }
}

function defaultScopes({ names }: Call, resource: string): readonly string[] {
  return DEFAULT_SCOPES[firstPartyName(names, resource) ?? ''] ?? ['user_impersonation']
}
