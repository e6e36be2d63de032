/**
 * Strangers: every way of asking without being who one says. None of them may pass any door.
 */
import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'
import { epochSeconds } from '../../src/base/clock.ts'
import type { Call } from '../../src/core/call.ts'
import type { ServicePrincipal } from '../../src/core/directory/service-principals.ts'
import { issueAccessToken } from '../../src/core/tokens/issue.ts'
import { activeKey, findSigningKey } from '../../src/core/tokens/signing-keys.ts'

const HOUR_SECONDS = 3600
const DAY_SECONDS = 24 * HOUR_SECONDS

const OTHER_AUDIENCES = ['https://graph.microsoft.com', 'https://storage.azure.com']

export interface Stranger {
  readonly who: string
  /** The Authorization header; undefined sends none. */
  readonly authorization: string | undefined
}

/**
 * @param honest a principal with every right: what would get in if a forgery passed
 * @param others good tokens of principals that are deleted or disabled, by who they are
 */
export async function strangers(
  call: Call,
  audience: string,
  honest: ServicePrincipal,
  others: Readonly<Record<string, string>>,
): Promise<Stranger[]> {
  const issue = async (wanted: string): Promise<string> => {
    const { text } = await issueAccessToken(call, {
      subject: {
        objectId: honest.objectId,
        clientId: honest.clientId,
        kind: honest.type,
        proof: 'certificate',
      },
      audience: { audience: wanted, version: '1.0' },
    })
    return text.reveal()
  }
  const good = await issue(audience)
  const forged = await forgeries(call, good, honest)
  const bearer = Object.entries({
    ...forged,
    'a token for another audience': await issue(
      OTHER_AUDIENCES.find((one) => one !== audience) ?? '',
    ),
    'a token for an audience that begins the same': await issue(`${audience}.example.com`),
    ...others,
    'no token but a word': 'letmein',
    'a token without its signature': good.slice(0, good.lastIndexOf('.')),
    'an empty bearer': '',
    'a token twice': `${good}, Bearer ${good}`,
  }).map(([who, token]) => ({ who, authorization: `Bearer ${token}` }))
  return [
    { who: 'nobody', authorization: undefined },
    { who: 'a user and password', authorization: `Basic ${btoa('admin:admin')}` },
    { who: 'a good token under another scheme', authorization: `Negotiate ${good}` },
    ...bearer,
  ]
}

type Part = Readonly<Record<string, unknown>>

async function forgeries(
  call: Call,
  good: string,
  honest: ServicePrincipal,
): Promise<Record<string, string>> {
  const [header, claims] = [partOf(good, 0), partOf(good, 1)]
  const now = epochSeconds(call.now)
  const { kid, privateKey } = await activeKey(call)
  const known = await findSigningKey(call, kid)
  if (!known) throw new Error('the key that signs is not published')
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const otherTenant = randomUUID()
  const foreignIssuer = `https://sts.windows.net/${otherTenant}/`
  const tampered = { ...claims, oid: randomUUID(), exp: Number(claims.exp) + 3600 }
  const [head, , signature] = good.split('.')
  const publicPem = known.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const certificatePem = pemOf(known.certificate)
  const jwk = createPublicKey(other.publicKey.export({ type: 'spki', format: 'pem' })).export({
    format: 'jwk',
  })
  return {
    'an unsigned token': unsigned({ ...header, alg: 'none' }, claims),
    'an unsigned token, spelt otherwise': unsigned({ ...header, alg: 'NoNe' }, claims),
    'an unsigned token that says RS256': unsigned(header, claims),
    'HS256 with the public key': hmac(header, claims, publicPem),
    'HS256 with the certificate': hmac(header, claims, certificatePem),
    'HS256 with nothing': hmac(header, claims, ''),
    'a signature by another key under our kid': rs256(header, claims, other.privateKey),
    'a key that the token itself brings': rs256(
      { alg: 'RS256', typ: 'JWT', kid: 'mine', jwk },
      claims,
      other.privateKey,
    ),
    'a key that the token says where to fetch': rs256(
      { ...header, kid: 'mine', jku: 'https://example.com/keys' },
      claims,
      other.privateKey,
    ),
    'a foreign issuer and its key': rs256(
      { ...header, kid: 'foreign' },
      { ...claims, iss: foreignIssuer, tid: otherTenant },
      other.privateKey,
    ),
    'a foreign issuer under our key': rs256(
      header,
      { ...claims, iss: foreignIssuer, tid: otherTenant },
      privateKey,
    ),
    'a token whose claims were changed': `${head}.${encode(tampered)}.${signature}`,
    'a token whose header was changed': `${encode({ ...header, alg: 'RS512' })}.${encode(claims)}.${signature}`,
    'a token with a critical extension': rs256({ ...header, crit: ['exp'] }, claims, privateKey),
    'a token that expired': rs256(
      header,
      { ...claims, nbf: now - DAY_SECONDS, exp: now - HOUR_SECONDS },
      privateKey,
    ),
    'a token that is not yet valid': rs256(
      header,
      { ...claims, nbf: now + HOUR_SECONDS, exp: now + DAY_SECONDS },
      privateKey,
    ),
    'a token without an end': rs256(header, { ...claims, exp: undefined }, privateKey),
    'a token of nobody in the directory': rs256(
      header,
      { ...claims, oid: randomUUID(), sub: randomUUID() },
      privateKey,
    ),
    'a token about the client id instead of the object id': rs256(
      header,
      { ...claims, oid: honest.clientId },
      privateKey,
    ),
  }
}

function partOf(token: string, at: number): Part {
  return JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString())
}

function encode(part: Part): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function unsigned(header: Part, claims: Part): string {
  return `${encode(header)}.${encode(claims)}.`
}

function rs256(header: Part, claims: Part, key: KeyObject): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

function hmac(header: Part, claims: Part, key: string): string {
  const signed = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
