import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseResourceId } from '../../base/resource-id.ts'
import { findServicePrincipal } from '../../core/directory/service-principals.ts'
import { usersOf } from '../../core/resources/links.ts'
import { finishOperations } from '../../core/resources/operations.ts'
import { transaction } from '../../core/transaction.ts'
import type { Answered } from '../../http/test-door.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { computeProvider } from '../../providers/compute/compute.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { storageProvider } from '../../providers/storage/storage.ts'
import { GROUP, OWNER, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const RED = `${SUBSCRIPTION}/resourceGroups/Red`
const MOVE = `${GROUP}/moveResources`
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared`
const location = 'westeurope'

const inGroup = (group: string) => ({
  network: `${group}/providers/Microsoft.Network/virtualNetworks/net`,
  nic: `${group}/providers/Microsoft.Network/networkInterfaces/nic`,
  vm: `${group}/providers/Microsoft.Compute/virtualMachines/vm`,
  account: `${group}/providers/Microsoft.Storage/storageAccounts/movedaccount`,
})
const blue = inGroup(GROUP)
const red = inGroup(RED)

async function makeThings(estate: TestEstate): Promise<void> {
  const made = async (path: string, body: object) => {
    const { status, body: answered } = await estate.ask('PUT', path, body)
    assert.ok(status === 200 || status === 201, JSON.stringify(answered))
  }
  await made(RED, { location })
  await made(IDENTITY, { location })
  await made(blue.network, {
    location,
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'default', properties: { addressPrefix: '10.0.0.0/24' } }],
    },
  })
  const subnet = { id: `${blue.network}/subnets/default` }
  const ipConfigurations = [{ name: 'ipconfig1', properties: { subnet } }]
  await made(blue.nic, { location, properties: { ipConfigurations } })
  await made(blue.vm, {
    location,
    identity: {
      type: 'SystemAssigned, UserAssigned',
      userAssignedIdentities: { [IDENTITY]: {} },
    },
    properties: {
      hardwareProfile: { vmSize: 'Standard_B1s' },
      networkProfile: { networkInterfaces: [{ id: blue.nic }] },
      osProfile: { adminUsername: 'azureuser', adminPassword: 'moved-Password-12' },
    },
  })
  await made(blue.account, { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' } })
}

function errorOf({ status, body }: Answered): unknown[] {
  return [
    status,
    body.error.code,
    ...(body.error.details ?? []).map((one: { code: string }) => one.code),
  ]
}

describe('moving resources to another group', () => {
  let estate: TestEstate
  const move = (resources: string[], verb = MOVE, target = RED) =>
    estate.ask('POST', verb, { resources, targetResourceGroup: target })
  before(async () => {
    estate = await openTestEstate(
      authorizationProvider,
      computeProvider,
      managedIdentityProvider,
      networkProvider,
      storageProvider,
    )
    await makeThings(estate)
  })
  after(() => estate.close())

  it('waits until what is being made has been made', async () => {
    assert.deepEqual(errorOf(await move([blue.vm])), [
      409,
      'ResourceMoveProviderValidationFailed',
      'ResourceNotInSucceededState',
    ])
    await transaction(estate.world.call(), (tx) =>
      finishOperations(tx, parseResourceId(blue.vm).key),
    )
  })

  it('needs the action here, and the right to write there', async () => {
    const body = { resources: [blue.nic], targetResourceGroup: RED }
    const mover = await estate.principal('mover')
    const ask = () => estate.ask('POST', MOVE, body, { as: mover })
    const refused = await ask()
    assert.equal(refused.status, 403)
    assert.match(
      refused.body.error.message,
      /'Microsoft.Resources\/subscriptions\/resourceGroups\/moveResources\/action'/,
    )
    await estate.assign(mover, OWNER, GROUP)
    assert.deepEqual(errorOf(await ask()), [403, 'LinkedAuthorizationFailed'])
  })

  it('refuses what cannot move, and moves nothing then', async () => {
    const refused = await move([blue.nic, IDENTITY])
    assert.deepEqual(errorOf(refused), [
      409,
      'ResourceMoveProviderValidationFailed',
      'ResourceMoveNotSupported',
    ])
    assert.deepEqual(refused.body.error.details[0], {
      code: 'ResourceMoveNotSupported',
      message:
        "Resource move is not supported for resource types 'Microsoft.ManagedIdentity/userAssignedIdentities'.",
      target: IDENTITY,
    })
    assert.equal((await estate.ask('GET', blue.nic)).status, 200)
    const same = await move([blue.nic], MOVE, GROUP)
    assert.deepEqual(errorOf(same), [400, 'InvalidMoveResourcesRequest'])
    assert.deepEqual(errorOf(await move([`${blue.network}/subnets/default`])), [
      400,
      'InvalidMoveResourcesRequest',
    ])
    assert.deepEqual(errorOf(await move([`${blue.nic}-none`])), [404, 'ResourceNotFound'])
    const gone = await move([blue.nic], MOVE, `${RED}-none`)
    assert.deepEqual(errorOf(gone), [404, 'ResourceGroupNotFound'])
  })

  it('is stopped by locks, of either group and of the resource', async () => {
    const at: [string, string][] = [
      [GROUP, 'ReadOnly'],
      [RED, 'ReadOnly'],
      [blue.nic, 'CanNotDelete'],
    ]
    for (const [scope, level] of at) {
      const lock = `${scope}/providers/Microsoft.Authorization/locks/still`
      await estate.ask('PUT', lock, { properties: { level } })
      assert.deepEqual(errorOf(await move([blue.nic])), [409, 'ScopeLocked'], scope)
      await estate.ask('DELETE', lock)
    }
  })

  it('is tried without being done', async () => {
    const tried = await move(Object.values(blue), `${GROUP}/validateMoveResources`)
    assert.equal(tried.status, 202)
    assert.equal((await estate.ask('GET', blue.vm)).status, 200)
    const refused = await move([IDENTITY], `${GROUP}/validateMoveResources`)
    assert.equal(refused.status, 409)
  })

  it('moves a machine alone: it refers to what stays, and is told of', async () => {
    const { body: was } = await estate.ask('GET', blue.vm)
    const moved = await move([blue.vm])
    assert.equal(moved.status, 202)
    const polled = await estate.ask('GET', pathOf(moved.headers['azure-asyncoperation']))
    assert.equal(polled.body.status, 'Succeeded')
    assert.equal((await estate.ask('GET', pathOf(moved.headers.location))).status, 200)
    assert.equal((await estate.ask('GET', blue.vm)).status, 404)

    const { body } = await estate.ask('GET', red.vm)
    assert.equal(body.id, red.vm)
    assert.deepEqual(body.identity, was.identity)
    assert.deepEqual(body.properties.networkProfile, was.properties.networkProfile)
    const principal = await findServicePrincipal(estate.world.call(), body.identity.principalId)
    assert.equal(
      principal?.alternativeNames[1],
      red.vm.replace('/resourceGroups/', '/resourcegroups/'),
    )
    const { body: nic } = await estate.ask('GET', blue.nic)
    assert.deepEqual(nic.properties.virtualMachine, { id: red.vm })
  })

  it('moves what others refer to, with all below it', async () => {
    assert.equal((await move([blue.network, blue.nic, blue.account])).status, 202)
    const subnet = `${red.network}/subnets/default`
    assert.equal((await estate.ask('GET', subnet)).body.id, subnet)
    assert.equal((await estate.ask('GET', `${blue.network}/subnets/default`)).status, 404)
    const { body: nic } = await estate.ask('GET', red.nic)
    assert.equal(nic.properties.ipConfigurations[0].properties.subnet.id, subnet)
    const { body: vm } = await estate.ask('GET', red.vm)
    assert.equal(vm.properties.networkProfile.networkInterfaces[0].id, red.nic)
    const users = await usersOf(estate.world.call(), parseResourceId(red.nic))
    assert.deepEqual(users, [{ ownerKey: red.vm.toLowerCase(), from: red.vm }])
    const keys = await estate.ask('POST', `${red.account}/listKeys`)
    assert.equal(keys.body.keys.length, 2)
  })

  it('ends the machine’s own principal with the machine, wherever it is by then', async () => {
    const { principalId } = (await estate.ask('GET', red.vm)).body.identity
    await estate.ask('DELETE', red.vm)
    assert.equal(await findServicePrincipal(estate.world.call(), principalId), undefined)
    assert.equal((await estate.ask('DELETE', red.nic)).status, 200)
  })
})

describe('the end of what is gone', () => {
  it('is told to who began it, whose role went with it, and to nobody else', async () => {
    const estate = await openTestEstate()
    try {
      const group = `${SUBSCRIPTION}/resourceGroups/brief`
      await estate.ask('PUT', group, { location: 'westeurope' })
      const keeper = await estate.principal('keeper')
      await estate.assign(keeper, OWNER, group)
      const gone = await estate.ask('DELETE', group, undefined, { as: keeper })
      assert.equal(gone.status, 202)
      const address = pathOf(gone.headers['azure-asyncoperation'])
      const own = await estate.ask('GET', address, undefined, { as: keeper })
      assert.equal(own.status, 200)
      const strange = await estate.ask('GET', address, undefined, { as: estate.nobody })
      assert.deepEqual([strange.status, strange.body.error.code], [403, 'AuthorizationFailed'])
      assert.match(
        strange.body.error.message,
        /Microsoft.Resources\/subscriptions\/resourceGroups\/read/,
      )
      const reader = await estate.ask('GET', address, undefined, { as: estate.reader })
      assert.equal(reader.status, 200)
    } finally {
      await estate.close()
    }
  })
})

function pathOf(address: unknown): string {
  const { pathname, search } = new URL(String(address))
  return pathname + search
}
