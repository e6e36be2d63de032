/** In the shell: a user signs in by every way of MSAL's, the pages driven by plain HTTP. */
import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  PublicClientApplication,
} from '@azure/msal-node'
import { claimsOf, print } from './print.ts'

const AZ = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
const REDIRECT = 'http://localhost:4711'
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters'

const [clientId = '', clientSecret = ''] = process.argv.slice(2)
const {
  AZURE_TENANT_ID: tenant,
  USER_NAME: username = '',
  USER_PASSWORD: password = '',
} = process.env
const authority = `https://login.microsoftonline.com/${tenant}`
const arm = ['https://management.azure.com/.default']
const vault = ['https://vault.azure.net/.default']

const client = () => new PublicClientApplication({ auth: { clientId: AZ, authority } })

const byPassword = client()
const first = some(
  await byPassword.acquireTokenByUsernamePassword({ scopes: arm, username, password }),
)
const account = some(first.account)
const cached = some(await byPassword.acquireTokenSilent({ scopes: arm, account }))
const refreshed = some(await byPassword.acquireTokenSilent({ scopes: vault, account }))

const byDevice = await client().acquireTokenByDeviceCode({
  scopes: arm,
  deviceCodeCallback: ({ verificationUri, userCode }) =>
    void signIn(verificationUri, { otc: userCode }),
})

const byCode = client()
const { challenge } = await pkce()
const url = await byCode.getAuthCodeUrl({
  scopes: arm,
  redirectUri: REDIRECT,
  codeChallenge: challenge,
  codeChallengeMethod: 'S256',
  state: 'state-1',
  nonce: 'nonce-1',
})
const back = new URL((await signIn(url, {})).headers.get('location') ?? '')
const code = back.searchParams.get('code') ?? ''
const request = { code, scopes: arm, redirectUri: REDIRECT, codeVerifier: VERIFIER }
const gotByCode = await byCode.acquireTokenByCode(request, { code, nonce: 'nonce-1' })

const forService = some(
  await client().acquireTokenByUsernamePassword({
    scopes: [`api://${clientId}/.default`],
    username,
    password,
  }),
)
const service = new ConfidentialClientApplication({ auth: { clientId, clientSecret, authority } })
const onBehalf = some(
  await service.acquireTokenOnBehalfOf({ scopes: vault, oboAssertion: forService.accessToken }),
)

const all = { first, refreshed, byDevice: some(byDevice), gotByCode, onBehalf }
print({
  users: Object.fromEntries(Object.entries(all).map(([name, one]) => [name, told(one)])),
  account: [account.username, account.tenantId],
  cached: cached.fromCache,
  state: back.searchParams.get('state'),
  armAnswers: (await askArm(first.accessToken)).status,
  codeAgain: await codeOf(client().acquireTokenByCode(request)),
  wrongPassword: await codeOf(
    client().acquireTokenByUsernamePassword({ scopes: arm, username, password: 'Wrong-1' }),
  ),
})

/** What a browser and its person do: follow the forms to their end. */
async function signIn(page: string, fields: Record<string, string>): Promise<Response> {
  const shown = await fetch(page)
  const headers = { cookie: shown.headers.get('set-cookie')?.split(';')[0] ?? '' }
  const text = await shown.text()
  const hidden = [...text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  const body = new URLSearchParams({
    ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, unescaped(value)])),
    ...fields,
    username,
    password,
  })
  return fetch(page, { method: 'POST', headers, body, redirect: 'manual' })
}

function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

function told({ accessToken, uniqueId }: AuthenticationResult): unknown[] {
  const { upn, appidacr, aud, scp, oid } = claimsOf(accessToken)
  return [upn, appidacr, aud, scp, oid === uniqueId]
}

function askArm(token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  return fetch('https://management.azure.com/subscriptions?api-version=2022-12-01', { headers })
}

async function pkce(): Promise<{ challenge: string }> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(VERIFIER))
  return { challenge: Buffer.from(digest).toString('base64url') }
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return 'not refused'
  } catch (reason) {
    const { errorCode, errorMessage } = reason as Record<string, string>
    return [errorCode, /AADSTS\d+/.exec(errorMessage ?? '')?.[0]]
  }
}

function some<Value>(value: Value | null): Value {
  if (value === null) throw new Error('MSAL gave nothing')
  return value
}
