/**
 * In a machine: a managed identity's token, verified by a library that has nothing to do with who
 * made it. Only the token's own tenant is known; discovery leads to the issuer and the keys.
 */
import { ManagedIdentityCredential } from '@azure/identity'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { claimsOf, print } from './print.ts'

const { token } = await new ManagedIdentityCredential().getToken('https://vault.azure.net/.default')
const authority = `https://login.microsoftonline.com/${claimsOf(token).tid}`
const discovery = await fetch(`${authority}/.well-known/openid-configuration`)
const { jwks_uri: address = '', issuer = '' } = (await discovery.json()) as Record<string, string>
const keys = createRemoteJWKSet(new URL(address))
const options = { issuer, audience: 'https://vault.azure.net', algorithms: ['RS256'], typ: 'JWT' }
const { payload, protectedHeader } = await jwtVerify(token, keys, options)

const published = (await (await fetch(address)).json()) as { keys: Record<string, unknown>[] }
const [header, , signature] = token.split('.')
const other = Buffer.from(JSON.stringify({ ...payload, oid: crypto.randomUUID() }))
const forged = `${header}.${other.toString('base64url')}.${signature}`

print({
  oid: payload.oid,
  issuer,
  header: Object.keys(protectedHeader).sort(),
  members: [...new Set(published.keys.flatMap(Object.keys))].sort(),
  forged: await jwtVerify(forged, keys, options).catch((reason) => reason.code),
})
