import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { parseResourceId } from '../../base/resource-id.ts'
import { putResource } from '../../core/resources/resource.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import { type Mounted, mount } from '../../http/mount.ts'
import type { Entrance } from '../../machines/entrance.ts'
import type { Machine } from '../../machines/machine.ts'
import { controlPlane, type Daemon } from './control.ts'

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001'
const idOf = (group: string, name: string) =>
  `${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`

const FACTS: Awaited<ReturnType<Daemon['facts']>> = {
  version: '0.1.0',
  pid: 7,
  startedAt: '2026-01-15T09:30:00.0000000Z',
  dataFolder: '/data',
  tenantId: 'the-tenant',
  subscriptionId: 'the-subscription',
  endpoints: {},
  trust: { authority: '/data/authority.pem', bundle: '/data/bundle.pem' },
  owner: {
    clientId: 'the-client',
    objectId: 'the-object',
    certificate: '/data/owner.pem',
    pkcs12: '/data/owner.pfx',
    thumbprint: 'A1B2',
  },
  sandbox: { works: true },
}

describe('the control plane', () => {
  let world: TestWorld
  let plane: Mounted
  let server: Server
  let folder: string
  const live = new Map<string, Machine>()
  let stops = 0

  before(async () => {
    world = await openTestWorld()
    folder = mkdtempSync(join(tmpdir(), 'locum-control-'))
    const daemon: Daemon = {
      facts: async () => FACTS,
      machines: {
        find: (key) => live.get(key),
        isWanted: ({ state }) => state.power === 'running',
      },
      entrance: (key) => ({ mode: 'sandbox', hostName: key }) as Entrance,
      workstation: async () => ({ mode: 'sandbox', hostName: 'workstation' }) as Entrance,
      stop: () => {
        stops++
      },
    }
    plane = await mount(controlPlane(daemon), {
      newCall: ({ caller }) => world.call(caller),
      readHost: () => undefined,
      machineBehind: () => undefined,
    })
    server = createServer(plane.handle)
    await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve))
    for (const [group, name, power] of [
      ['red', 'vm1', 'running'],
      ['red', 'vm2', 'stopped'],
      ['blue', 'VM1', 'running'],
      ['blue', 'vm3', 'running'],
    ] as const) {
      await putMachine(group, name, power)
    }
  })
  after(async () => {
    server.close()
    await plane.close()
    await world.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => live.clear())

  async function putMachine(group: string, name: string, power: string) {
    await transaction(world.call(), (tx) =>
      putResource(tx, {
        id: parseResourceId(idOf(group, name)),
        type: 'microsoft.compute/virtualmachines',
        location: 'westeurope',
        kind: undefined,
        tags: undefined,
        sku: undefined,
        envelope: {},
        properties: {},
        state: { power },
        provisioningState: 'Succeeded',
        version: 1,
        createdAt: tx.now,
        createdBy: undefined,
        changedAt: tx.now,
        changedBy: undefined,
      }),
    )
  }

  function runs(group: string, name: string) {
    const key = idOf(group, name).toLowerCase()
    live.set(key, { key, hostName: name, kind: 'virtual-machine', mode: 'sandbox' })
  }

  function ask(method: string, path: string, body?: unknown) {
    return new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
      const sent = request({ socketPath: join(folder, 's'), method, path }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }))
      })
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
  const enter = (machine: string) => ask('POST', '/machines/entrance', { machine })
  const refusal = (code: string, message: string) => ({ error: { code, message } })

  it('tells the status, every machine with its state', async () => {
    runs('blue', 'VM1')
    assert.deepEqual(await ask('GET', '/status'), {
      status: 200,
      body: {
        ...FACTS,
        machines: [
          {
            id: idOf('blue', 'VM1'),
            name: 'VM1',
            resourceGroup: 'blue',
            state: 'running',
            mode: 'sandbox',
          },
          { id: idOf('blue', 'vm3'), name: 'vm3', resourceGroup: 'blue', state: 'starting' },
          { id: idOf('red', 'vm1'), name: 'vm1', resourceGroup: 'red', state: 'starting' },
          { id: idOf('red', 'vm2'), name: 'vm2', resourceGroup: 'red', state: 'stopped' },
        ],
      },
    })
  })

  it('opens a machine by name, by group and name, and by resource id, in any letter case', async () => {
    runs('blue', 'vm3')
    const way = { mode: 'sandbox', hostName: idOf('blue', 'vm3').toLowerCase() }
    for (const name of ['vm3', 'VM3', 'Blue/vm3', idOf('BLUE', 'vm3'), `${idOf('blue', 'vm3')}/`]) {
      assert.deepEqual(await enter(name), { status: 200, body: way }, name)
    }
  })

  it('asks which one, when several have the name', async () => {
    assert.deepEqual(await enter('vm1'), {
      status: 409,
      body: refusal(
        'MachineAmbiguous',
        'Several virtual machines are named vm1; next step: name one of blue/VM1, red/vm1',
      ),
    })
  })

  it('says what there is, when none has the name', async () => {
    assert.deepEqual(await enter('vm9'), {
      status: 404,
      body: refusal(
        'MachineNotFound',
        'No virtual machine is named vm9; there are: blue/VM1, blue/vm3, red/vm1, red/vm2',
      ),
    })
  })

  it('says how to start one that is stopped', async () => {
    assert.deepEqual(await enter('vm2'), {
      status: 409,
      body: refusal(
        'MachineStopped',
        'The virtual machine red/vm2 is stopped; next step: start it (az vm start -g red -n vm2)',
      ),
    })
  })

  it('waits for one that is starting', async () => {
    const entered = enter('vm3')
    setTimeout(() => runs('blue', 'vm3'), 60)
    assert.equal((await entered).status, 200)
  })

  it('opens the workstation', async () => {
    assert.deepEqual(await ask('POST', '/workstation/entrance'), {
      status: 200,
      body: { mode: 'sandbox', hostName: 'workstation' },
    })
  })

  it('imports roles, all of them or none', async () => {
    const role = {
      id: '/providers/Microsoft.Authorization/roleDefinitions/11111111-2222-3333-4444-555555555555',
      name: '11111111-2222-3333-4444-555555555555',
      roleName: 'Imported',
      permissions: [{ actions: ['*/read'] }],
    }
    assert.deepEqual(await ask('POST', '/roles/import', [role]), {
      status: 200,
      body: { imported: 1 },
    })
    const broken = await ask('POST', '/roles/import', [role, { roleName: 'no id' }])
    assert.equal(broken.status, 400)
    assert.match(JSON.stringify(broken.body), /InvalidRoleImport.*Role 2/)
  })

  it('answers before it stops', async () => {
    assert.deepEqual(await ask('POST', '/stop'), { status: 202, body: { stopping: true } })
    assert.equal(stops, 1)
  })

  it('refuses what it does not know', async () => {
    assert.equal((await ask('GET', '/secrets')).status, 404)
    assert.equal((await ask('GET', '/stop')).status, 405)
    assert.equal((await ask('POST', '/machines/entrance', { machine: 1 })).status, 400)
    assert.equal(
      (await ask('POST', '/machines/entrance', { machine: 'a', as: 'root' })).status,
      400,
    )
    assert.equal((await ask('POST', '/machines/entrance')).status, 400)
    assert.equal(stops, 1)
  })
})
