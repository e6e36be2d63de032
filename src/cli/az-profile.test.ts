import assert from 'node:assert/strict'
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Status } from '../planes/control/status.ts'
import { azProfile } from './az-profile.ts'

describe("the shell's az", () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'locum-az-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const facts = (over: Partial<Status> = {}) =>
    ({
      dataFolder: folder,
      tenantId: 'tenant-1',
      subscriptionId: 'subscription-1',
      owner: {
        clientId: 'client-1',
        objectId: 'object-1',
        certificate: '/data/owner.pem',
        pkcs12: '/data/owner.pfx',
      },
      ...over,
    }) as Status
  const read = (name: string) => JSON.parse(readFileSync(join(folder, 'az', name), 'utf8'))

  it('is the owner, in a folder for this user alone', () => {
    assert.deepEqual(azProfile(facts(), {}), { AZURE_CONFIG_DIR: join(folder, 'az') })
    assert.equal(statSync(join(folder, 'az')).mode & 0o777, 0o700)
    const [subscription] = read('azureProfile.json').subscriptions
    assert.deepEqual(
      [subscription.id, subscription.user],
      ['subscription-1', { name: 'client-1', type: 'servicePrincipal' }],
    )
    assert.deepEqual(read('service_principal_entries.json'), [
      {
        client_id: 'client-1',
        tenant: 'tenant-1',
        certificate: '/data/owner.pem',
      },
    ])
  })

  it('stays whoever signed in there, and is the owner again after signing out', () => {
    const file = join(folder, 'az', 'azureProfile.json')
    const other = { subscriptions: [{ id: 'subscription-1', user: { name: 'ada', type: 'user' } }] }
    writeFileSync(file, JSON.stringify(other))
    azProfile(facts(), {})
    assert.deepEqual(read('azureProfile.json'), other)
    writeFileSync(file, '{"subscriptions": []}')
    azProfile(facts(), {})
    assert.equal(read('azureProfile.json').subscriptions[0].user.name, 'client-1')
  })

  it("writes nothing into another user's data folder", () => {
    const dataFolder = join(folder, 'foreign')
    mkdirSync(dataFolder)
    // Root can give a folder away; anybody else finds one that is root's.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) chownSync(dataFolder, 65_534, 65_534)
    const foreign = facts({ dataFolder: isRoot ? dataFolder : '/' })
    assert.deepEqual(azProfile(foreign, { HOME: folder }), {
      AZURE_CONFIG_DIR: join(folder, '.local', 'state', 'locum', 'az', 'tenant-1'),
    })
    assert.deepEqual(azProfile(foreign, {}), {})
  })
})
