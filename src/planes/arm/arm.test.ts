import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { ObjectId } from '../../base/ids.ts'
import {
  deleteServicePrincipal,
  findServicePrincipal,
  type ServicePrincipal,
} from '../../core/directory/service-principals.ts'
import { assignRole } from '../../core/rbac/test-assignment.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Method } from '../../http/route.ts'
import { makePrincipal, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { locks } from '../../providers/authorization/locks.ts'
import { computeProvider } from '../../providers/compute/compute.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { resourcesProvider } from '../../providers/resources/resources.ts'
import { armPlane } from './arm.ts'
import { GROUP, makeSubscription, OWNER, READER, SUBSCRIPTION } from './test-estate.ts'

const VM_CONTRIBUTOR = '9980e02c-c2be-4d73-94e8-173b1dc7cf3c'
const VM = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm1`
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared`
const VERSION = 'api-version=2024-11-01'

describe('Resource Manager', () => {
  let world: TestWorld
  let door: TestDoor
  let owner: ServicePrincipal
  let reader: ServicePrincipal
  let operator: ServicePrincipal
  let nobody: ServicePrincipal

  const as = (
    who: ServicePrincipal | undefined,
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const query = path.includes('api-version') ? '' : `${path.includes('?') ? '&' : '?'}${VERSION}`
    return door.ask({ method, path: `${path}${query}`, ...(who && { as: who }), body, headers })
  }

  before(async () => {
    world = await openTestWorld()
    const plane = armPlane([
      resourcesProvider,
      managedIdentityProvider,
      computeProvider,
      { namespace: 'Microsoft.Authorization', types: [locks] },
    ])
    door = await openTestDoor(world, plane, { host: 'management.azure.com' })
    owner = await makePrincipal(world, 'owner')
    reader = await makePrincipal(world, 'reader')
    operator = await makePrincipal(world, 'operator')
    nobody = await makePrincipal(world, 'nobody')
    await makeSubscription(world)
    await assignRole(world, owner, OWNER, '/')
    await assignRole(world, reader, READER, SUBSCRIPTION)
    await assignRole(world, operator, VM_CONTRIBUTOR, SUBSCRIPTION)
  })
  after(async () => {
    await door.close()
    await world.close()
  })

  describe('a group', () => {
    it('is made, shown, listed and changed', async () => {
      const made = await as(owner, 'PUT', GROUP, { location: 'West Europe', tags: { a: '1' } })
      assert.equal(made.status, 201)
      assert.deepEqual(made.body, {
        id: GROUP,
        name: 'Blue',
        type: 'Microsoft.Resources/resourceGroups',
        location: 'westeurope',
        tags: { a: '1' },
        properties: { provisioningState: 'Succeeded' },
      })
      assert.equal((await as(owner, 'PUT', GROUP, { location: 'westeurope' })).status, 200)
      assert.equal((await as(reader, 'GET', GROUP.toUpperCase())).body.id, GROUP)
      assert.equal((await as(reader, 'HEAD', GROUP)).status, 204)
      const list = await as(reader, 'GET', `${SUBSCRIPTION}/resourceGroups`)
      assert.deepEqual(
        list.body.value.map((group: { name: string }) => group.name),
        ['Blue'],
      )
      const patched = await as(owner, 'PATCH', GROUP, { tags: { b: '2' } })
      assert.deepEqual(patched.body.tags, { b: '2' })
    })

    it('is read with its members in any case, and not with one twice', async () => {
      const upper = await as(owner, 'PUT', GROUP, { LOCATION: 'westeurope', Tags: { c: '3' } })
      assert.deepEqual([upper.status, upper.body.tags], [200, { c: '3' }])
      const twice = await as(owner, 'PUT', GROUP, { location: 'westeurope', Location: 'eastus' })
      assert.equal(twice.body.error.code, 'InvalidRequestContent')
    })

    it('does not move', async () => {
      const { status, body } = await as(owner, 'PUT', GROUP, { location: 'eastus' })
      assert.equal(status, 409)
      assert.equal(body.error.code, 'InvalidResourceGroupLocation')
    })

    it('is missing in its own words', async () => {
      const { status, body } = await as(owner, 'GET', `${SUBSCRIPTION}/resourceGroups/none`)
      assert.equal(status, 404)
      assert.deepEqual(body.error, {
        code: 'ResourceGroupNotFound',
        message: "Resource group 'none' could not be found.",
      })
      assert.equal((await as(owner, 'DELETE', `${SUBSCRIPTION}/resourceGroups/none`)).status, 404)
      assert.equal((await as(owner, 'HEAD', `${SUBSCRIPTION}/resourceGroups/none`)).status, 404)
    })
  })

  describe('a user-assigned identity', () => {
    it('is made at once, with a service principal', async () => {
      const made = await as(owner, 'PUT', `${IDENTITY}?api-version=2024-11-30`, {
        location: 'westeurope',
      })
      assert.equal(made.status, 201)
      const { principalId, clientId, ...rest } = made.body.properties
      assert.deepEqual(rest, { isolationScope: 'None', tenantId: world.tenantId })
      const principal = await findServicePrincipal(world.call(), principalId)
      assert.equal(principal?.clientId, clientId)
      assert.equal(principal?.type, 'ManagedIdentity')
      assert.deepEqual(made.body.tags, {})
      const again = await as(owner, 'PUT', IDENTITY, { location: 'westeurope', tags: { t: '1' } })
      assert.equal(again.status, 200)
      assert.equal(again.body.properties.principalId, principalId)
    })
  })

  describe('a virtual machine', () => {
    const body = { location: 'westeurope', identity: { type: 'SystemAssigned' } }

    it('is made later, by a job, and says where to poll', async () => {
      const made = await as(owner, 'PUT', VM, body)
      assert.equal(made.status, 201)
      assert.equal(made.body.properties.provisioningState, 'Creating')
      assert.equal(made.body.identity.type, 'SystemAssigned')
      assert.equal(made.headers['retry-after'], '1')
      assert.ok(world.woken.includes('machines'))
      assert.ok(world.woken.includes('identity-certificates'))
      const operation = new URL(String(made.headers['azure-asyncoperation']))
      assert.equal(operation.origin, 'https://management.azure.com')
      const status = await as(owner, 'GET', operation.pathname)
      assert.equal(status.body.status, 'InProgress')
      assert.equal(status.headers['retry-after'], '1')
      const hidden = await as(nobody, 'GET', operation.pathname)
      assert.equal(hidden.status, 403)
    })

    it('never shows a password', async () => {
      const given = { ...body, properties: { osProfile: { adminPassword: 'hunter2' } } }
      const { body: shown } = await as(owner, 'PUT', VM, given)
      assert.ok(!JSON.stringify(shown).includes('hunter2'))
      const rows = await world.database.reader.all('SELECT * FROM resources', [])
      assert.ok(!JSON.stringify(rows).includes('hunter2'))
    })

    it('keeps its principal over changes, and gets a new one after losing it', async () => {
      const first = (await as(owner, 'GET', VM)).body.identity.principalId
      await as(owner, 'PATCH', VM, { tags: { x: '1' } })
      assert.equal((await as(owner, 'GET', VM)).body.identity.principalId, first)
      await as(owner, 'PATCH', VM, { identity: { type: 'None' } })
      assert.equal((await as(owner, 'GET', VM)).body.identity, undefined)
      assert.equal(await findServicePrincipal(world.call(), first as ObjectId), undefined)
      const { body: again } = await as(owner, 'PATCH', VM, { identity: { type: 'SystemAssigned' } })
      assert.notEqual(again.identity.principalId, first)
    })

    it('carries a user-assigned identity beside its own', async () => {
      const { body: shown } = await as(owner, 'PATCH', VM, {
        identity: {
          type: 'SystemAssigned,UserAssigned',
          userAssignedIdentities: { [IDENTITY.toLowerCase()]: {} },
        },
      })
      assert.equal(shown.identity.type, 'SystemAssigned, UserAssigned')
      const written = IDENTITY.toLowerCase().replace('/resourcegroups/', '/resourceGroups/')
      const carried = shown.identity.userAssignedIdentities[written]
      const identity = await as(owner, 'GET', IDENTITY)
      assert.equal(carried.principalId, identity.body.properties.principalId)
      const hosts = await as(owner, 'POST', `${IDENTITY}/listAssociatedResources`)
      assert.deepEqual(
        hosts.body.value.map((host: { name: string }) => host.name),
        ['vm1'],
      )
    })

    it('is not given an identity by somebody who may not assign it', async () => {
      const other = VM.replace('vm1', 'vm2')
      const { status, body: refused } = await as(operator, 'PUT', other, {
        location: 'westeurope',
        identity: { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } },
      })
      assert.equal(status, 403)
      assert.equal(refused.error.code, 'LinkedAuthorizationFailed')
      assert.equal(
        refused.error.message,
        `The client '${operator.clientId}' with object id '${operator.objectId}' has permission to ` +
          `perform action 'Microsoft.Compute/virtualMachines/write' on scope '${other}'; however, it ` +
          "does not have permission to perform action 'Microsoft.ManagedIdentity/" +
          `userAssignedIdentities/assign/action' on the linked scope(s) '${IDENTITY}' or the linked ` +
          'scope(s) are invalid.',
      )
      assert.equal((await as(owner, 'GET', other)).status, 404)
    })

    it('tells the power its owner wants', async () => {
      assert.equal((await as(owner, 'POST', `${VM}/powerOff`)).status, 202)
      const view = await as(owner, 'GET', `${VM}/instanceView`)
      assert.equal(view.body.statuses[1].code, 'PowerState/stopped')
      const restart = await as(owner, 'POST', `${VM}/restart`)
      assert.equal(restart.body.error.code, 'OperationNotAllowed')
      await as(owner, 'POST', `${VM}/START`)
      const expanded = await as(owner, 'GET', `${VM}?$expand=instanceView`)
      assert.equal(expanded.body.properties.instanceView.statuses[1].code, 'PowerState/running')
    })
  })

  describe('a lock', () => {
    const lock = `${GROUP}/providers/Microsoft.Authorization/locks/keep`

    it('holds for all below its scope, and for what is inside a delete', async () => {
      const made = await as(owner, 'PUT', lock, { properties: { level: 'CanNotDelete' } })
      assert.equal(made.status, 201)
      const { status, body } = await as(owner, 'DELETE', VM)
      assert.equal(status, 409)
      assert.equal(
        body.error.message,
        `The scope '${VM}' cannot perform delete operation because following scope(s) are locked: ` +
          `'${GROUP}'. Please remove the lock and try again.`,
      )
      assert.equal((await as(owner, 'DELETE', GROUP)).body.error.code, 'ScopeLocked')
      assert.equal((await as(owner, 'PATCH', VM, { tags: {} })).status, 200)
    })

    it('is listed where it holds, and above what it is on', async () => {
      const list = async (scope: string, filter = '') => {
        const path = `${scope}/providers/Microsoft.Authorization/locks?api-version=2020-05-01`
        const { body } = await as(owner, 'GET', `${path}${filter}`)
        return body.value.map((one: { name: string }) => one.name)
      }
      const own = `${VM}/providers/Microsoft.Authorization/locks/own`
      await as(owner, 'PUT', own, { properties: { level: 'cannotdelete' } })
      const [subscription = ''] = GROUP.split('/resourceGroups')
      const atScope = '&$filter=atScope()'
      assert.deepEqual((await list(GROUP)).sort(), ['keep', 'own'])
      assert.deepEqual(await list(GROUP, atScope), ['keep'])
      assert.deepEqual((await list(VM, atScope)).sort(), ['keep', 'own'])
      assert.deepEqual((await list(subscription)).sort(), ['keep', 'own'])
      assert.deepEqual(await list(subscription, atScope), [])
      await as(owner, 'DELETE', own)
    })

    it('stops writes when it is read-only, and can be removed', async () => {
      await as(owner, 'PUT', lock, { properties: { level: 'ReadOnly' } })
      assert.equal((await as(owner, 'PATCH', VM, { tags: {} })).body.error.code, 'ScopeLocked')
      assert.equal((await as(owner, 'POST', `${VM}/start`)).body.error.code, 'ScopeLocked')
      assert.equal((await as(owner, 'DELETE', lock)).status, 200)
      assert.equal((await as(owner, 'PATCH', VM, { tags: {} })).status, 200)
    })
  })

  describe('who may', () => {
    const rows: [what: string, method: Method, path: string, body?: unknown][] = [
      ['read a group', 'GET', GROUP],
      ['write a group', 'PUT', GROUP, { location: 'westeurope' }],
      ['delete a machine', 'DELETE', VM],
      ['start a machine', 'POST', `${VM}/start`],
      ['list machines', 'GET', `${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines`],
      ['list resources', 'GET', `${GROUP}/resources`],
      ['read the subscription', 'GET', SUBSCRIPTION],
    ]
    for (const [what, method, path, body] of rows) {
      it(`nobody without a role may ${what}`, async () => {
        const { status, body: refused } = await as(nobody, method, path, body)
        assert.equal(status, 403)
        assert.equal(refused.error.code, 'AuthorizationFailed')
        assert.match(refused.error.message, new RegExp(`object id '${nobody.objectId}'`))
      })
      it(`nobody without a token may ${what}`, async () => {
        const { status, headers, body: refused } = await as(undefined, method, path, body)
        assert.equal(status, 401)
        assert.equal(refused.error.code, 'AuthenticationFailed')
        assert.match(String(headers['www-authenticate']), /^Bearer authorization_uri="https:/)
      })
    }

    it('a reader reads and does not write', async () => {
      assert.equal((await as(reader, 'GET', VM)).status, 200)
      assert.equal((await as(reader, 'PATCH', VM, { tags: {} })).status, 403)
    })

    it('a principal sees the subscriptions in which it has a role', async () => {
      const seen = await as(reader, 'GET', '/subscriptions')
      assert.equal(seen.body.value.length, 1)
      assert.deepEqual((await as(nobody, 'GET', '/subscriptions')).body.value, [])
    })

    it('a refusal is kept in the audit', async () => {
      await as(nobody, 'DELETE', VM)
      const rows = await world.database.reader.all<{ outcome: string; caller: string }>(
        'SELECT outcome, caller FROM audit ORDER BY sequence DESC LIMIT 1',
        [],
      )
      assert.deepEqual({ ...rows[0] }, { outcome: 'denied', caller: nobody.objectId })
    })
  })

  describe('what cannot be read', () => {
    const rows: [what: string, path: string, body: unknown, status: number, code: string][] = [
      ['broken JSON', GROUP, '{"location":', 400, 'InvalidRequestContent'],
      ['no body', GROUP, undefined, 400, 'InvalidRequestContent'],
      ['an array', GROUP, [], 400, 'InvalidRequestContent'],
      ['an unknown member', GROUP, { location: 'westeurope', x: 1 }, 400, 'InvalidRequestContent'],
      ['a wrong type', GROUP, { location: 7 }, 400, 'InvalidRequestContent'],
      ['no location', `${GROUP}2`, {}, 400, 'LocationRequired'],
      [
        'a place that is none',
        `${GROUP}2`,
        { location: 'moon' },
        400,
        'LocationNotAvailableForResourceType',
      ],
      [
        'tags that are none',
        GROUP,
        { location: 'westeurope', tags: { a: 1 } },
        400,
        'InvalidTagValue',
      ],
      ['a prototype', GROUP, '{"__proto__":{"x":1}}', 400, 'InvalidRequestContent'],
      ['depth', GROUP, `${'['.repeat(100)}${']'.repeat(100)}`, 400, 'InvalidRequestContent'],
      ['a name with a slash', `${GROUP}%2Fx`, { location: 'westeurope' }, 400, 'InvalidRequestUri'],
      ['a name that climbs', `${SUBSCRIPTION}/resourceGroups/%2e%2e`, {}, 400, 'InvalidRequestUri'],
      ['no api-version', `${GROUP}?api-version=`, {}, 400, 'MissingApiVersionParameter'],
      ['a bad api-version', `${GROUP}?api-version=1`, {}, 400, 'InvalidApiVersionParameter'],
      ['an old one', `${VM}?api-version=2010-01-01`, {}, 400, 'NoRegisteredProviderFound'],
      ['one given twice', `${GROUP}?${VERSION}&api-version=x`, {}, 400, 'InvalidRequestUri'],
      ['an unknown namespace', `${GROUP}/providers/A.B/c/d`, {}, 404, 'InvalidResourceNamespace'],
      [
        'an unknown type',
        `${GROUP}/providers/Microsoft.Compute/x/d`,
        {},
        404,
        'InvalidResourceType',
      ],
    ]
    for (const [what, path, body, status, code] of rows) {
      it(`${what} is refused as ${code}, and changes nothing`, async () => {
        const before = await as(owner, 'GET', GROUP)
        const refused = await as(owner, 'PUT', path, body)
        assert.deepEqual([refused.status, refused.body.error.code], [status, code])
        assert.deepEqual((await as(owner, 'GET', GROUP)).body, before.body)
      })
    }

    it('a body that is too large is refused', async () => {
      const body = JSON.stringify({ location: 'westeurope', tags: { a: 'x'.repeat(5_000_000) } })
      assert.equal((await as(owner, 'PUT', GROUP, body)).status, 413)
    })

    it('a stale etag is refused', async () => {
      const { headers } = await as(owner, 'GET', VM)
      const stale = { 'if-match': '"0"' }
      assert.equal((await as(owner, 'PATCH', VM, { tags: {} }, stale)).status, 412)
      const fresh = { 'if-match': String(headers.etag) }
      assert.equal((await as(owner, 'PATCH', VM, { tags: {} }, fresh)).status, 200)
    })
  })

  describe('the end of a resource', () => {
    it('takes the principal of a machine, and leaves the shared identity unassigned', async () => {
      const { identity } = (await as(owner, 'GET', VM)).body
      const removed = await as(owner, 'DELETE', VM)
      assert.equal(removed.status, 202)
      assert.ok(removed.headers.location)
      assert.equal(await findServicePrincipal(world.call(), identity.principalId), undefined)
      const hosts = await as(owner, 'POST', `${IDENTITY}/listAssociatedResources`)
      assert.equal(hosts.body.totalCount, 0)
      assert.equal((await as(owner, 'DELETE', VM)).status, 204)
    })

    it('of a group takes all that is in it, principals included', async () => {
      await as(owner, 'PUT', VM, { location: 'westeurope', identity: { type: 'SystemAssigned' } })
      const { principalId } = (await as(owner, 'GET', VM)).body.identity
      const shared = (await as(owner, 'GET', IDENTITY)).body.properties.principalId
      assert.equal((await as(owner, 'DELETE', GROUP)).status, 202)
      assert.equal((await as(owner, 'GET', VM)).body.error.code, 'ResourceGroupNotFound')
      for (const id of [principalId, shared]) {
        assert.equal(await findServicePrincipal(world.call(), id), undefined)
      }
    })

    it('is the end of a principal’s token too', async () => {
      const gone = await makePrincipal(world, 'gone')
      await assignRole(world, gone, READER, SUBSCRIPTION)
      assert.equal((await as(gone, 'GET', SUBSCRIPTION)).status, 200)
      await transaction(world.call(), async (tx) => {
        await deleteServicePrincipal(tx, gone.objectId)
      })
      const refused = await as(gone, 'GET', SUBSCRIPTION)
      assert.deepEqual(
        [refused.status, refused.body.error.code],
        [401, 'InvalidAuthenticationToken'],
      )
    })
  })
})
