/** In the shell: MSAL's confidential client, with a secret and with the owner's certificate. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ConfidentialClientApplication, type NodeAuthOptions } from '@azure/msal-node'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { claimsOf, print } from './print.ts'

const [clientId = '', clientSecret = ''] = process.argv.slice(2)
const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: ownerId = '' } = process.env
const authority = `https://login.microsoftonline.com/${tenant}`
const scopes = ['https://management.azure.com/.default']

const pem = readFileSync(process.env.AZURE_CLIENT_CERTIFICATE_PATH ?? '', 'utf8')
const certificate = new X509Certificate(pem)
const privateKey = createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }).toString()
const thumbprint = certificate.fingerprint.replaceAll(':', '')
const thumbprintSha256 = certificate.fingerprint256.replaceAll(':', '')
const x5c = certificate.toString()

const withSecret = await token({ clientId, authority, clientSecret })
const withCertificate = await token({
  clientId: ownerId,
  authority,
  clientCertificate: { thumbprintSha256, privateKey },
})
const withChain = await token({
  clientId: ownerId,
  authority,
  clientCertificate: { thumbprintSha256, privateKey, x5c },
})
const withSha1 = await token({
  clientId: ownerId,
  authority,
  clientCertificate: { thumbprint, privateKey },
})
const all = [withSecret, withCertificate, withChain, withSha1]

// Nothing is known but the authority: its discovery document leads to the keys.
const discovery = await fetch(`${authority}/v2.0/.well-known/openid-configuration`)
const { jwks_uri: keys, issuer } = (await discovery.json()) as Record<string, string>
const { payload, protectedHeader } = await jwtVerify(
  withSecret,
  createRemoteJWKSet(new URL(keys ?? '')),
  { audience: 'https://management.azure.com', algorithms: ['RS256'] },
)

print({
  objects: all.map((one) => claimsOf(one).oid),
  proofs: all.map((one) => claimsOf(one).appidacr),
  verified: { iss: payload.iss, tid: payload.tid, alg: protectedHeader.alg },
  discovered: issuer,
  wrongSecret: await refused({ clientId, authority, clientSecret: `${clientSecret}x` }),
  unknownClient: await refused({ clientId: crypto.randomUUID(), authority, clientSecret }),
  unknownTenant: await refused({
    clientId,
    authority: `https://login.microsoftonline.com/${crypto.randomUUID()}`,
    clientSecret,
  }),
  unknownScope: await refused({ clientId, authority, clientSecret }, [
    'https://x.example/.default',
  ]),
})

async function token(auth: NodeAuthOptions, asked = scopes): Promise<string> {
  const client = new ConfidentialClientApplication({ auth })
  const reply = await client.acquireTokenByClientCredential({ scopes: asked })
  return reply?.accessToken ?? ''
}

async function refused(auth: NodeAuthOptions, asked = scopes): Promise<unknown> {
  try {
    return await token(auth, asked)
  } catch (reason) {
    const { errorCode, errorMessage } = reason as Record<string, string>
    return [errorCode, errorMessage?.match(/AADSTS\d+/)?.[0]]
  }
}
