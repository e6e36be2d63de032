import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { decodeJwt, exportJWK, type JWK, SignJWT } from 'jose'
import { type KeyPair, makeCertificate, makeKeyPair, pem } from '../base/certificate.ts'
import { epochSeconds, HOUR_MS, after as later, MINUTE_MS, runningClock } from '../base/clock.ts'
import { newId, type ObjectId } from '../base/ids.ts'
import { parseResourceId } from '../base/resource-id.ts'
import { createApplication } from '../core/directory/applications.ts'
import { addFederatedCredential } from '../core/directory/federated-credentials.ts'
import { createManagedIdentityPrincipal } from '../core/directory/managed-identities.ts'
import type { ServicePrincipal } from '../core/directory/service-principals.ts'
import { openTestWorld, type TestWorld } from '../core/test-world.ts'
import { issueAccessToken, type TokenAudience } from '../core/tokens/issue.ts'
import { issuerV1, issuerV2 } from '../core/tokens/issuers.ts'
import { transaction } from '../core/transaction.ts'
import { openTestDoor, type TestDoor } from '../http/test-door.ts'
import { openEntraPlane } from '../planes/entra/entra.ts'
import { foreignDocuments, isPrivate } from './foreign-documents.ts'

const AUDIENCE = 'api://AzureADTokenExchange'
/** How our own tokens name it. */
const EXCHANGE: TokenAudience = {
  audience: 'fb60f99c-7a34-4190-8149-302f77469936',
  version: '2.0',
}
const SUBJECT = 'system:serviceaccount:default:App'
const MIRID =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/blue/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a'

/** An issuer as any other: a discovery document and a key set behind TLS of its own authority. */
interface Issuer {
  readonly server: Server
  readonly authority: string
  readonly host: string
  readonly url: string
  /** What it answers, by path; a text is a place to go to instead. */
  readonly documents: Map<string, object | string>
  requests: number
}

async function openIssuer(): Promise<Issuer> {
  const keys = await makeKeyPair('EC-P256')
  const now = runningClock().now()
  const { der } = await makeCertificate(
    {
      subject: 'issuer',
      publicKey: keys.publicKey,
      use: { kind: 'server', hosts: ['localhost'] },
      notBefore: later(now, -HOUR_MS),
      notAfter: later(now, HOUR_MS),
    },
    { subject: 'issuer', ...keys },
  )
  const authority = pem('CERTIFICATE', der)
  const documents: Issuer['documents'] = new Map()
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createServer({ cert: authority, key }, (asked, answer) => {
    issuer.requests++
    const document = documents.get(asked.url ?? '')
    if (typeof document === 'string') answer.writeHead(302, { location: document }).end()
    else if (document) answer.writeHead(200).end(JSON.stringify(document))
    else answer.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const issuer: Issuer = {
    server,
    authority,
    host,
    url: `https://${host}/tenant`,
    documents,
    requests: 0,
  }
  return issuer
}

describe('a federated token', () => {
  let world: TestWorld
  let issuer: Issuer
  let door: TestDoor
  let app: ServicePrincipal
  let identity: ServicePrincipal
  let signer: KeyPair & { readonly kid: string; readonly alg: string }

  before(async () => {
    world = await openTestWorld()
    issuer = await openIssuer()
    door = await openDoor()
    const made = await transaction(world.call(), (tx) =>
      createApplication(tx, { displayName: 'workload' }),
    )
    app = made.servicePrincipal
    await trust(made.application.objectId, issuer.url)
    identity = await transaction(world.call(), (tx) =>
      createManagedIdentityPrincipal(tx, {
        kind: 'UserAssigned',
        resourceId: parseResourceId(MIRID),
      }),
    )
    await trust(identity.objectId, issuer.url)
    signer = await publish('RS256', 'first')
  })
  after(async () => {
    await door.close()
    issuer.server.closeAllConnections()
    issuer.server.close()
    await world.close()
  })

  function openDoor(hosts: readonly string[] = [issuer.host], authority = issuer.authority) {
    const plane = openEntraPlane(foreignDocuments({ hosts, authority }))
    return openTestDoor(world, plane, { host: 'login.microsoftonline.com' })
  }

  function trust(ownerId: ObjectId, url: string, subject = SUBJECT) {
    return transaction(world.call(), (tx) =>
      addFederatedCredential(tx, {
        ownerId,
        name: newId(),
        issuer: url,
        subject,
        audiences: [AUDIENCE],
        description: undefined,
      }),
    )
  }

  /** Makes keys and publishes them as the issuer's only ones. */
  async function publish(alg: 'RS256' | 'ES256', kid: string) {
    const keys = await makeKeyPair(alg === 'RS256' ? 'RSA-2048' : 'EC-P256')
    const jwk: JWK = { ...(await exportJWK(keys.publicKey)), kid, alg, use: 'sig' }
    const jwks = `${issuer.url}/keys`
    issuer.documents.set('/tenant/.well-known/openid-configuration', {
      issuer: issuer.url,
      jwks_uri: jwks,
    })
    issuer.documents.set('/tenant/keys', { keys: [jwk] })
    return { ...keys, kid, alg }
  }

  function token(claims: object = {}, by: typeof signer = signer): Promise<string> {
    const now = epochSeconds(world.clock.now())
    return new SignJWT({
      iss: issuer.url,
      sub: SUBJECT,
      aud: AUDIENCE,
      nbf: now,
      exp: now + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: by.alg, kid: by.kid })
      .sign(by.privateKey)
  }

  const ask = (text: string, client = app, through = door) =>
    through.ask({
      method: 'POST',
      path: `/${world.tenantId}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: text,
        scope: 'https://vault.azure.net/.default',
      }).toString(),
    })

  const assertRefused = async (
    text: string,
    [status, error, number]: readonly [number, string, number],
    client = app,
    through = door,
  ) => {
    const { status: answered, body } = await ask(text, client, through)
    assert.deepEqual([answered, body.error, body.error_codes], [status, error, [number]])
    return body.error_description as string
  }
  const asClient = (number: number) => [401, 'invalid_client', number] as const

  it('lets an application in that trusts its issuer, subject and audience', async () => {
    const { status, body } = await ask(await token())
    assert.equal(status, 200, JSON.stringify(body))
    const { oid, appid, appidacr } = decodeJwt(body.access_token)
    assert.deepEqual([oid, appid, appidacr], [app.objectId, app.clientId, '2'])
  })

  it('lets a user-assigned identity in, and none of its claims with it', async () => {
    const text = await token({ aud: ['other', AUDIENCE], xms_az_rid: '/subscriptions/forged' })
    const { status, body } = await ask(`${text}\n`, identity)
    assert.equal(status, 200, JSON.stringify(body))
    const claims = decodeJwt(body.access_token)
    assert.equal(claims.xms_mirid, MIRID.replace('resourceGroups', 'resourcegroups'))
    assert.equal(JSON.stringify(claims).includes('forged'), false)
  })

  it('is refused when issuer, subject or audience are others, in case too', async () => {
    const before = issuer.requests
    const issuers = [`${issuer.url}/`, issuer.url.replace('tenant', 'Tenant')]
    for (const iss of issuers) await assertRefused(await token({ iss }), asClient(700211))
    const other = SUBJECT.toLowerCase()
    const said = await assertRefused(await token({ sub: other }), asClient(700213))
    assert.ok(
      said.startsWith(
        `AADSTS700213: No matching federated identity record found for presented assertion subject '${other}'. `,
      ),
    )
    await assertRefused(await token({ aud: AUDIENCE.toLowerCase() }), asClient(700212))
    await assertRefused(await token({ sub: undefined }), asClient(50027))
    assert.equal(issuer.requests, before, 'nobody is asked about what nobody trusts')
  })

  it('is refused to whoever trusts nobody', async () => {
    const { servicePrincipal } = await transaction(world.call(), (tx) =>
      createApplication(tx, { displayName: 'alone' }),
    )
    const number = [400, 'invalid_request', 70021] as const
    const said = await assertRefused(await token(), number, servicePrincipal)
    assert.match(said, new RegExp(`Assertion Issuer: '${issuer.url}'. Assertion Subject: `))
  })

  it('is refused out of time, and without an end', async () => {
    const now = epochSeconds(world.clock.now())
    for (const claims of [{ exp: now - 301 }, { nbf: now + 301 }, { exp: undefined }]) {
      await assertRefused(await token(claims), asClient(700024))
    }
  })

  it('is refused unsigned, signed by others, changed, or with a symmetric key', async () => {
    const stranger = { ...(await makeKeyPair('RSA-2048')), kid: signer.kid, alg: 'RS256' }
    await assertRefused(await token({}, stranger), [400, 'invalid_grant', 50013])
    const [header, , signature] = (await token()).split('.')
    const [, payload] = (await token({ jti: 'changed' })).split('.')
    await assertRefused(`${header}.${payload}.${signature}`, [400, 'invalid_grant', 50013])
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    await assertRefused(`${none}.${payload}.${signature}`, asClient(50027))
    const symmetric = await new SignJWT({ iss: issuer.url, sub: SUBJECT, aud: AUDIENCE })
      .setProtectedHeader({ alg: 'HS256', kid: signer.kid })
      .sign(Buffer.from(signer.publicKey.export({ type: 'spki', format: 'pem' })))
    await assertRefused(symmetric, asClient(50027))
  })

  it('is verified by keys that are kept for minutes, and asked for again for a new one', async () => {
    const before = issuer.requests
    await ask(await token())
    assert.equal(issuer.requests, before, 'kept')
    signer = await publish('ES256', 'second')
    await assertRefused(await token(), [400, 'invalid_grant', 50013])
    world.clock.move(MINUTE_MS)
    assert.equal((await ask(await token())).status, 200)
    assert.equal(issuer.requests, before + 2)
    world.clock.move(10 * MINUTE_MS)
    assert.equal((await ask(await token())).status, 200)
    assert.equal(issuer.requests, before + 4)
  })

  it('is refused when its issuer cannot be asked, or is not believed', async () => {
    const refused = [400, 'invalid_request', 50166] as const
    const discovery = '/tenant/.well-known/openid-configuration'
    const honest = issuer.documents.get(discovery) as object
    const wrong: (object | string)[] = [
      { ...honest, issuer: `https://${issuer.host}/other` },
      { ...honest, jwks_uri: `http://${issuer.host}/tenant/keys` },
      { ...honest, jwks_uri: `https://127.0.0.2:${issuer.host.split(':')[1]}/tenant/keys` },
      { ...honest, filling: 'x'.repeat(300_000) },
      `${issuer.url}/elsewhere`,
    ]
    issuer.documents.set('/tenant/elsewhere', honest)
    for (const document of wrong) {
      issuer.documents.set(discovery, document)
      const fresh = await openDoor()
      await assertRefused(await token(), refused, app, fresh)
      await fresh.close()
    }
    issuer.documents.set(discovery, honest)
    const untrusted = await openDoor([])
    const before = issuer.requests
    await assertRefused(await token(), refused, app, untrusted)
    assert.equal(issuer.requests, before, 'a private address is not even asked')
    await untrusted.close()
    const otherAuthority = await openDoor([issuer.host], (await otherCertificate()) ?? '')
    await assertRefused(await token(), refused, app, otherAuthority)
    assert.equal(issuer.requests, before, 'nothing is said over TLS that is not verified')
    await otherAuthority.close()
  })

  it('of our own is taken from managed identities alone, by applications, made for this', async () => {
    const { application, servicePrincipal } = await transaction(world.call(), (tx) =>
      createApplication(tx, { displayName: 'trusts identities' }),
    )
    const ours = issuerV2(world.tenantId)
    for (const subject of [identity.objectId, app.objectId]) {
      await trust(application.objectId, ours, subject)
      await trust(application.objectId, issuerV1(world.tenantId), subject)
    }
    const issued = async (principal: ServicePrincipal, audience: TokenAudience = EXCHANGE) => {
      const { text } = await issueAccessToken(world.call(), {
        subject: {
          objectId: principal.objectId,
          clientId: principal.clientId,
          kind: principal.type,
          proof: 'certificate',
          managedResourceId: principal.type === 'ManagedIdentity' ? MIRID : undefined,
        },
        audience,
      })
      return text.reveal()
    }
    assert.equal((await ask(await issued(identity), servicePrincipal)).status, 200)
    await assertRefused(await issued(app), asClient(700226), servicePrincipal)
    const old = await issued(identity, { audience: AUDIENCE, version: '1.0' })
    await assertRefused(old, asClient(700227), servicePrincipal)
    const forVault = { audience: 'https://vault.azure.net', version: '2.0' } as const
    await assertRefused(await issued(identity, forVault), asClient(700212), servicePrincipal)
    await trust(identity.objectId, ours, identity.objectId)
    await assertRefused(await issued(identity), asClient(700222), identity)
    // What another issuer says of this audience is its own word.
    await assertRefused(await token({ aud: EXCHANGE.audience }), asClient(700212))
  })
})

async function otherCertificate(): Promise<string> {
  const other = await openIssuer()
  other.server.close()
  return other.authority
}

describe('an address of a foreign issuer', () => {
  it('is private unless it is of the public Internet', () => {
    const privates = ['127.0.0.1', '10.1.2.3', '169.254.169.254', '168.63.129.16', '192.168.1.1']
    const six = ['::1', '::', '::ffff:127.0.0.1', 'fd00::1', 'fe80::1', 'ff02::1', '2002:7f00:1::']
    for (const address of [...privates, ...six]) assert.equal(isPrivate(address), true, address)
    for (const address of ['20.190.128.1', '140.82.112.3', '2606:50c0:8000::154']) {
      assert.equal(isPrivate(address), false, address)
    }
  })
})
