import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { decodeJwt } from 'jose'
import { HOUR_MS } from '../../base/clock.ts'
import { asId, type ClientId, newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { Secret } from '../../base/secret.ts'
import { keyCredentialsOf } from '../../core/directory/key-credentials.ts'
import { findServicePrincipalByClientId } from '../../core/directory/service-principals.ts'
import { attachIdentity, detachIdentity } from '../../core/identity/attached.ts'
import {
  createManagedIdentity,
  deleteManagedIdentity,
  type ManagedIdentity,
} from '../../core/identity/managed-identity.ts'
import { putResource } from '../../core/resources/resource.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { verifyClientAssertion } from '../../core/tokens/client-assertion.ts'
import { issueAccessToken } from '../../core/tokens/issue.ts'
import { type Transaction, transaction } from '../../core/transaction.ts'
import { type Answered, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { imdsPlane } from './imds.ts'
import type { PostForm } from './token-client.ts'

const VAULT = 'https://vault.azure.net'
const TOKEN = '/metadata/identity/oauth2/token'
const GROUP = `/subscriptions/${newId()}/resourceGroups/MI-RG/providers`
const VM1 = vm('VM1')
const VM2 = vm('VM2')
const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities'

let world: TestWorld
/** The doors of two machines, and of one in loopback mode, which has a secret. */
let door: TestDoor
let otherDoor: TestDoor
let loopback: TestDoor
let posts: number
/** What the token service answers instead of a token, when it does. */
let answerInstead: (() => Promise<{ status: number; body: unknown }>) | undefined

before(async () => {
  world = await openTestWorld()
  const plane = imdsPlane(tokenService)
  const at = (id: ResourceId, secret?: Secret<string>) =>
    openTestDoor(world, plane, { machine: { key: id.key, secret } })
  door = await at(VM1)
  otherDoor = await at(VM2)
  loopback = await at(VM1, new Secret('the secret of a loopback machine'))
  await write(async (tx) => {
    for (const id of [VM1, VM2]) await putMachine(tx, id)
  })
})
after(async () => {
  for (const one of [door, otherDoor, loopback]) await one.close()
  await world.close()
})
beforeEach(() => {
  posts = 0
  answerInstead = undefined
})

function vm(name: string): ResourceId {
  return parseResourceId(`${GROUP}/Microsoft.Compute/virtualMachines/${name}`)
}

function write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  return transaction(world.call(), work)
}

/** The token service as far as this plane needs one: it takes nothing but a good assertion. */
const tokenService: PostForm = async (call, path, form) => {
  posts++
  if (answerInstead) return answerInstead()
  assert.equal(path, `/${world.tenantId}/oauth2/token`)
  assert.equal(form.grant_type, 'client_credentials')
  const clientId = asId<ClientId>(form.client_id ?? '')
  const principal = clientId && (await findServicePrincipalByClientId(call, clientId))
  assert.ok(principal)
  const claims = verifyClientAssertion(call, form.client_assertion ?? '', {
    clientId: principal.clientId,
    certificates: await keyCredentialsOf(call, principal.objectId),
    acceptsAudience: (audience) => audience === `https://login.microsoftonline.com${path}`,
  })
  const issued = await issueAccessToken(call, {
    subject: {
      ...principal,
      kind: principal.type,
      proof: 'certificate',
      hostResourceId: claims.xms_az_rid as string | undefined,
    },
    audience: { audience: form.resource ?? '', version: '1.0' },
  })
  const body = {
    token_type: 'Bearer',
    expires_on: String(issued.expiresOn),
    not_before: String(issued.notBefore),
    resource: form.resource,
    access_token: issued.text.reveal(),
  }
  return { status: 200, body }
}

async function putMachine(tx: Transaction, id: ResourceId): Promise<void> {
  await putResource(tx, {
    id,
    type: 'microsoft.compute/virtualmachines',
    location: 'westeurope',
    kind: undefined,
    tags: { team: 'blue', stage: 'test' },
    sku: undefined,
    envelope: {},
    properties: {
      vmId: 'the-vm-id',
      hardwareProfile: { vmSize: 'Standard_B1s' },
      storageProfile: { osDisk: { osType: 'Linux' } },
    },
    state: {},
    provisioningState: 'Succeeded',
    version: 1,
    createdAt: tx.now,
    createdBy: undefined,
    changedAt: tx.now,
    changedBy: undefined,
  })
}

/** Makes a machine carry a system-assigned identity and so many user-assigned ones, for one test. */
async function carrying(
  wanted: { system?: boolean; user?: number },
  work: (made: {
    system: ManagedIdentity
    user: (ManagedIdentity & { id: ResourceId })[]
  }) => Promise<void>,
): Promise<void> {
  const made = await write(async (tx) => {
    const system = await createManagedIdentity(tx, VM1, 'SystemAssigned')
    const user = []
    for (let at = 0; at < (wanted.user ?? 0); at++) {
      const id = parseResourceId(`${GROUP}/${IDENTITY}/Id-${newId<ObjectId>()}`)
      user.push({ id, ...(await createManagedIdentity(tx, id, 'UserAssigned')) })
      await attachIdentity(tx, VM1.key, id)
    }
    return { system, user }
  })
  if (!wanted.system) await write((tx) => deleteManagedIdentity(tx, VM1.key))
  try {
    await work(made)
  } finally {
    await write(async (tx) => {
      for (const { id } of made.user) await detachIdentity(tx, VM1.key, id.key)
      await deleteManagedIdentity(tx, VM1.key)
    })
  }
}

function ask(
  query: string,
  headers: Record<string, string> = { metadata: 'true' },
  from = door,
): Promise<Answered> {
  return from.ask({ path: `${TOKEN}?api-version=2018-02-01&resource=${VAULT}${query}`, headers })
}

function assertRefused({ status, body }: Answered, description: string): void {
  assert.deepEqual(
    { status, body },
    { status: 400, body: { error: 'invalid_request', error_description: description } },
  )
}

test('a token is answered in texts, in the order that clients rely on', async () => {
  await carrying({ system: true }, async ({ system }) => {
    const { status, headers, body } = await ask('')
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'application/json; charset=utf-8')
    assert.match(String(headers.server), /^IMDS\//)
    assert.deepEqual(Object.keys(body), [
      'access_token',
      'client_id',
      'expires_in',
      'expires_on',
      'ext_expires_in',
      'not_before',
      'resource',
      'token_type',
    ])
    assert.equal(
      Object.values(body).every((value) => typeof value === 'string'),
      true,
    )
    const claims = decodeJwt(body.access_token)
    const { access_token: _token, ...rest } = body
    assert.deepEqual(rest, {
      client_id: system.clientId,
      expires_in: '86400',
      expires_on: String(claims.exp),
      ext_expires_in: '86400',
      not_before: String(claims.nbf),
      resource: VAULT,
      token_type: 'Bearer',
    })
    assert.equal(claims.oid, system.objectId)
    assert.equal(claims.aud, VAULT)
    assert.equal('xms_az_rid' in claims, false)
  })
})

test('every way of naming an identity gives that identity', async () => {
  await carrying({ system: true, user: 2 }, async ({ system, user }) => {
    const [one, two] = user
    assert.ok(one && two)
    const rows: [query: string, identity: ManagedIdentity][] = [
      ['', system],
      [`&client_id=${system.clientId}`, system],
      [`&client_id=${one.clientId}`, one],
      [`&clientid=${two.clientId.toUpperCase()}`, two],
      [`&object_id=${one.objectId}`, one],
      [`&principal_id=${two.objectId}`, two],
      [`&msi_res_id=${one.id.text}`, one],
      [`&mi_res_id=${encodeURIComponent(two.id.key)}`, two],
    ]
    for (const [query, identity] of rows) {
      const { status, body } = await ask(query)
      assert.equal(status, 200, query)
      assert.equal(body.client_id, identity.clientId, query)
      assert.equal(decodeJwt(body.access_token).oid, identity.objectId)
    }
  })
})

test('the only user-assigned identity answers unnamed; its token says who was handed it', async () => {
  await carrying({ user: 1 }, async ({ user }) => {
    await write(async (tx) => attachIdentity(tx, VM2.key, user[0]?.id ?? VM2))
    const first = decodeJwt((await ask('')).body.access_token)
    const second = decodeJwt((await ask('', { metadata: 'True' }, otherDoor)).body.access_token)
    assert.equal(first.oid, user[0]?.objectId)
    assert.equal(second.oid, first.oid)
    assert.equal(first.xms_az_rid, VM1.text.replace('resourceGroups', 'resourcegroups'))
    assert.equal(second.xms_az_rid, VM2.text.replace('resourceGroups', 'resourcegroups'))
    await write((tx) => detachIdentity(tx, VM2.key, user[0]?.id.key ?? ''))
  })
})

test('what cannot be told apart, or is not carried, is refused', async () => {
  const many =
    'Multiple user assigned identities exist, please specify the clientId / resourceId of the ' +
    'identity in the token request'
  await carrying({ user: 2 }, async () => {
    assertRefused(await ask(''), many)
    assertRefused(await ask(`&client_id=${newId()}`), 'Identity not found')
    assertRefused(await ask('&msi_res_id=nonsense'), 'Identity not found')
  })
  assertRefused(await ask(''), 'Identity not found')
  assert.equal(posts, 0)
})

test('two machines cannot get each other’s token', async () => {
  await carrying({ system: true }, async ({ system }) => {
    const asIfFirst = { metadata: 'true', 'x-forwarded-host': VM1.text, 'x-machine': VM1.key }
    for (const query of ['', `&client_id=${system.clientId}`, `&object_id=${system.objectId}`]) {
      assertRefused(await ask(query, asIfFirst, otherDoor), 'Identity not found')
    }
  })
})

test('a taken identity gives no token any more, cached or not', async () => {
  await carrying({ system: true, user: 1 }, async ({ system, user }) => {
    assert.equal((await ask(`&client_id=${system.clientId}`)).status, 200)
    assert.equal((await ask(`&client_id=${user[0]?.clientId}`)).status, 200)
    await write(async (tx) => {
      await deleteManagedIdentity(tx, VM1.key)
      await detachIdentity(tx, VM1.key, user[0]?.id.key ?? '')
    })
    assertRefused(await ask(`&client_id=${system.clientId}`), 'Identity not found')
    assertRefused(await ask(`&client_id=${user[0]?.clientId}`), 'Identity not found')
  })
})

test('requests that a proxy or a browser may have been tricked into are refused', async () => {
  await carrying({ system: true }, async () => {
    const missing = 'Required metadata header not specified'
    assertRefused(await ask('', {}), missing)
    assertRefused(await ask('', { metadata: 'false' }), missing)
    assertRefused(await door.ask({ path: TOKEN }), missing) // how libraries probe
    assertRefused(
      await ask('', { metadata: 'true', 'x-forwarded-for': '10.0.0.1' }),
      'X-Forwarded-For header is not allowed',
    )
    assert.equal((await ask('&resource=again')).status, 400)
    assert.equal((await ask('&RESOURCE=again')).status, 400)
  })
  assert.equal(posts, 0)
})

test('the path may have doubled slashes and other letters', async () => {
  await carrying({ system: true }, async () => {
    const headers = { metadata: 'true' }
    for (const path of [`/${TOKEN}`, '/Metadata/Identity/OAuth2/Token']) {
      const query = `?api-version=2019-08-01&resource=${VAULT}`
      assert.equal((await door.ask({ path: `${path}${query}`, headers })).status, 200)
    }
  })
})

test('resource and api-version are required', async () => {
  const headers = { metadata: 'true' }
  const at = (query: string) => door.ask({ path: `${TOKEN}?${query}`, headers })
  assertRefused(await at('api-version=2018-02-01'), "Required query variable 'resource' is missing")
  for (const query of [`resource=${VAULT}`, `resource=${VAULT}&api-version=2018-02-31`]) {
    const { status, body } = await at(query)
    assert.equal(status, 400)
    assert.deepEqual(body, {
      error:
        'Bad request. api-version is invalid or was not specified in the request. For more ' +
        'information refer to aka.ms/azureimds',
      'newest-versions': ['2025-04-07', '2024-07-17', '2024-03-15'],
    })
  }
  const versions = await door.ask({ path: '/metadata/versions', headers })
  assert.equal(versions.body.apiVersions.includes('2018-02-01'), true)
})

test('a token is asked for once, until half its life is over', async () => {
  await carrying({ system: true }, async () => {
    const [first, again] = await Promise.all([ask(''), ask('')])
    assert.equal(first.body.access_token, again.body.access_token)
    world.clock.move(12 * HOUR_MS - 1000)
    const later = await ask('')
    assert.equal(later.body.access_token, first.body.access_token)
    assert.equal(later.body.expires_in, String(12 * 3600 + 1))
    assert.equal(posts, 1)
    world.clock.move(1000)
    const renewed = await ask('')
    assert.notEqual(renewed.body.access_token, first.body.access_token)
    assert.equal(renewed.body.expires_in, '86400')
    assert.equal(posts, 2)
  })
})

test('what the token service refuses is passed on; when it is silent, clients may try again', async () => {
  await carrying({ system: true }, async () => {
    const body = { error: 'invalid_resource', error_description: 'AADSTS500011: …' }
    answerInstead = async () => ({ status: 400, body })
    const refused = await ask('')
    assert.deepEqual([refused.status, refused.body], [400, body])
    const silence: (typeof answerInstead)[] = [
      async () => ({ status: 503, body: {} }),
      () => Promise.reject(new Error('connection refused')),
    ]
    for (const silent of silence) {
      answerInstead = silent
      const failed = await ask('')
      assert.equal(failed.status, 500)
      assert.equal(failed.body.error, 'unknown')
      assert.equal(JSON.stringify(failed.body).includes('connection refused'), false)
    }
    answerInstead = undefined
    assert.equal((await ask('')).status, 200, 'a failure is not remembered')
  })
})

test('in loopback mode the App Service protocol answers whoever has the secret', async () => {
  const at = (secret: string | undefined, query = `api-version=2019-08-01&resource=${VAULT}`) =>
    loopback.ask({
      path: `/msi/token?${query}`,
      headers: secret === undefined ? {} : { 'x-identity-header': secret },
    })
  await carrying({ system: true, user: 1 }, async ({ system, user }) => {
    const secret = 'the secret of a loopback machine'
    const { status, body } = await at(secret)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), [
      'access_token',
      'client_id',
      'expires_on',
      'resource',
      'token_type',
    ])
    assert.equal(body.client_id, system.clientId)
    const named = `api-version=2019-08-01&resource=${VAULT}&mi_res_id=${user[0]?.id.text}`
    assert.equal((await at(secret, named)).body.client_id, user[0]?.clientId)
    for (const wrong of [undefined, '', 'wrong', `${secret}x`, secret.toUpperCase()]) {
      const refused = await at(wrong)
      assert.equal(refused.status, 401)
      assert.deepEqual(Object.keys(refused.body), ['statusCode', 'message', 'correlationId'])
    }
    assert.equal((await at(secret, `resource=${VAULT}`)).status, 400)
    assert.equal((await at(secret, 'api-version=2019-08-01')).status, 400)
    assert.equal((await ask('', { metadata: 'true' }, loopback)).status, 200)
    const inSandbox = await door.ask({ path: '/msi/token', headers: { 'x-identity-header': '' } })
    assert.equal(inSandbox.status, 404)
  })
})

test('with the limits switched on, a machine gets 20 tokens a second', async () => {
  const plane = imdsPlane(tokenService, { throttled: true })
  const limited = await openTestDoor(world, plane, { machine: { key: VM1.key, secret: undefined } })
  try {
    await carrying({ system: true }, async () => {
      const headers = { metadata: 'true' }
      for (let count = 0; count < 20; count++) {
        assert.equal((await ask('', headers, limited)).status, 200)
      }
      const refused = await ask('', headers, limited)
      assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1'])
      world.clock.move(1000)
      assert.equal((await ask('', headers, limited)).status, 200)
      world.clock.move(1000)
      const atOnce = await Promise.all(Array.from({ length: 6 }, () => ask('', headers, limited)))
      assert.equal(
        atOnce.every(({ status }) => status === 200 || status === 429),
        true,
      )
    })
  } finally {
    await limited.close()
  }
})

test('a machine may know its tenant, and a little about itself', async () => {
  const at = (path: string) =>
    door.ask({ path: `${path}?api-version=2021-02-01`, headers: { metadata: 'true' } })
  const info = await at('/metadata/identity/info')
  assert.deepEqual(info.body, { tenantId: world.tenantId })
  assert.deepEqual((await at('/metadata/instance/compute')).body, {
    azEnvironment: 'AzurePublicCloud',
    location: 'westeurope',
    name: 'VM1',
    osType: 'Linux',
    provider: 'Microsoft.Compute',
    resourceGroupName: 'MI-RG',
    resourceId: VM1.text,
    subscriptionId: VM1.subscriptionId,
    tags: 'team:blue;stage:test',
    tagsList: [
      { name: 'team', value: 'blue' },
      { name: 'stage', value: 'test' },
    ],
    vmId: 'the-vm-id',
    vmSize: 'Standard_B1s',
  })
})

test('who comes from no machine is not answered', async () => {
  const nobody = await openTestDoor(world, imdsPlane(tokenService))
  try {
    const { status, body } = await ask('', { metadata: 'true' }, nobody)
    assert.deepEqual([status, body.error], [403, 'access_denied'])
  } finally {
    await nobody.close()
  }
})
