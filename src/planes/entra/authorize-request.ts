/**
 * A request to sign a user in, read once. What is wrong before we know where the client may be
 * told is told to the person; anything later goes back to the client.
 */
import { z } from 'zod'
import type { Call } from '../../core/call.ts'
import { type Client, findClient } from './client.ts'
import { refusal } from './errors.ts'
import { findRedirectUri, type RedirectUri, registrationOf } from './registration.ts'
import { readScopes, scopeOfResource } from './scopes.ts'
import type { Target } from './target.ts'
import type { EndpointVersion } from './token-request.ts'

const field = z.string().max(4096).optional()

/** What clients send; the person's fields follow in the form. */
export const ASKED = {
  client_id: field,
  response_type: field,
  redirect_uri: field,
  response_mode: field,
  scope: field,
  resource: field,
  state: field,
  nonce: field,
  prompt: field,
  login_hint: field,
  max_age: field,
  code_challenge: field,
  code_challenge_method: field,
}

const asked = z.object(ASKED)
export type Asked = z.infer<typeof asked>

/** Where the client hears of the outcome. */
export interface WayBack {
  readonly client: Client
  readonly redirect: RedirectUri
  /** As it was asked for: with the port. */
  readonly redirectUri: string
  readonly mode: 'query' | 'fragment' | 'form_post'
  readonly state: string | undefined
}

/**
 * Finds where the client may be answered.
 * @throws Failure invalid `AADSTS900144`, `AADSTS700016`, `AADSTS50011`, `AADSTS70007`
 */
export async function readWayBack(call: Call, request: Asked): Promise<WayBack> {
  const client = await findClient(call, request.client_id || undefined)
  const registration = await registrationOf(call, client.clientId)
  const redirectUri = request.redirect_uri || onlyUri(registration?.redirectUris)
  if (redirectUri === undefined) throw refusal(900971)
  const redirect = registration && findRedirectUri(registration, redirectUri)
  if (!redirect || !URL.canParse(redirectUri)) {
    throw refusal(50011, { uri: redirectUri, client: client.clientId })
  }
  const mode = MODES.find((one) => one === (request.response_mode || 'query'))
  if (mode === undefined) throw refusal(70007, { mode: request.response_mode ?? '' })
  return { client, redirect, redirectUri, mode, state: request.state }
}

const MODES = ['query', 'fragment', 'form_post'] as const

/** What the code will stand for. */
export interface WantedCode {
  readonly scope: string
  readonly nonce: string | undefined
  readonly challenge: string | undefined
  /** What tokens for it will be for. */
  readonly target: Target
}

/** @throws Failure invalid, for the client to hear */
export async function readWantedCode(
  call: Call,
  version: EndpointVersion,
  { request, redirect }: { readonly request: Asked; readonly redirect: RedirectUri },
): Promise<WantedCode> {
  const type = request.response_type || undefined
  if (type === undefined) throw refusal(900144, { name: 'response_type' })
  if (type !== 'code') throw refusal(700054, { type })
  const challenge = request.code_challenge || undefined
  if (challenge === undefined && redirect.platform === 'spa') throw refusal(9002325)
  if (challenge !== undefined) {
    // Only the hash: a verifier in an address is no secret any more.
    if (request.code_challenge_method !== 'S256') {
      throw refusal(90100, { name: 'code_challenge_method' })
    }
    if (!/^[\w-]{43}$/.test(challenge)) throw refusal(501491)
  }
  const scope = version === 'v1' ? scopeOfV1(request) : request.scope
  const { target } = await readScopes(call, scope)
  return { scope: scope ?? '', nonce: request.nonce || undefined, challenge, target }
}

/** Version 1 may name the resource later, with the code. */
function scopeOfV1({ resource }: Asked): string {
  return resource ? scopeOfResource(resource) : 'openid profile offline_access'
}

function onlyUri(uris: readonly RedirectUri[] = []): string | undefined {
  return uris.length === 1 ? uris[0]?.uri : undefined
}
