import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { isGuid, type SubscriptionId, type TenantId } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import { subscriptionResourceId, TENANT } from '../base/resource-id.ts'
import { Secret } from '../base/secret.ts'
import { keyCredentialsOf } from '../core/directory/key-credentials.ts'
import { listAssignments } from '../core/rbac/assignment-list.ts'
import { findResource } from '../core/resources/resource.ts'
import type { Database } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Config } from './config.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { type Instance, openInstance } from './instance.ts'

const TENANT_ID = '11111111-1111-1111-1111-111111111111' as TenantId
const SUBSCRIPTION_ID = '22222222-2222-2222-2222-222222222222' as SubscriptionId

describe('an instance', () => {
  let folder: DataFolder
  let database: Database
  beforeEach(async () => {
    const path = mkdtempSync(join(tmpdir(), 'locum-instance-'))
    folder = openDataFolder(path, process.getuid?.() ?? 0)
    database = openSqlite(folder.database)
    await migrate(database)
  })
  afterEach(async () => {
    await database.close()
    rmSync(folder.path, { recursive: true })
  })

  const open = (asked: Partial<Config> = {}) =>
    openInstance(
      {
        dataFolder: folder.path,
        port: 0,
        hostSuffix: 'locum.localhost',
        logLevel: 'silent',
        tenantId: undefined,
        subscriptionId: undefined,
        trustedIssuers: { hosts: [], authority: undefined },
        masterKey: undefined,
        ...asked,
      },
      folder,
      database,
      silentLog,
    )
  const callOf = (instance: Instance) =>
    instance.newCall({ id: undefined, caller: { kind: 'nobody' } })

  it('becomes what it is asked to be, or something of its own', async () => {
    const { settings } = await open({ tenantId: TENANT_ID })
    assert.equal(settings.tenantId, TENANT_ID)
    assert.ok(isGuid(settings.subscriptionId))
  })

  it('has a subscription, and an owner at the root of the tenant', async () => {
    const instance = await open({ subscriptionId: SUBSCRIPTION_ID })
    const call = callOf(instance)
    const subscription = await findResource(call, subscriptionResourceId(SUBSCRIPTION_ID))
    assert.deepEqual(subscription?.properties, { displayName: 'Locum' })
    const { ownerObjectId } = instance.settings
    const owner = await listAssignments(call, { scope: TENANT, assignedTo: ownerObjectId })
    assert.deepEqual(
      owner.map(({ scope, roleId, principalType }) => ({ scope, roleId, principalType })),
      [
        {
          scope: '/',
          roleId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
          principalType: 'ServicePrincipal',
        },
      ],
    )
  })

  it("keeps the owner's certificate and key in one file that only its user can read", async () => {
    const instance = await open()
    const text = readFileSync(folder.ownerCertificate, 'utf8')
    const certificate = new X509Certificate(text)
    assert.ok(certificate.checkPrivateKey(createPrivateKey(text)))
    assert.equal(createPublicKey(text).asymmetricKeyDetails?.modulusLength, 2048)
    const { ownerApplicationId } = instance.settings
    const [credential] = await keyCredentialsOf(callOf(instance), ownerApplicationId)
    assert.deepEqual(credential?.certificate, certificate.raw)
    for (const file of [folder.ownerCertificate, folder.masterKey]) {
      assert.equal(statSync(file).mode & 0o777, 0o600)
    }
  })

  it('is the same at the next start, whether asked for or not', async () => {
    const first = await open()
    const { tenantId, subscriptionId } = first.settings
    assert.deepEqual((await open()).settings, first.settings)
    assert.deepEqual((await open({ tenantId, subscriptionId })).settings, first.settings)
  })

  it('refuses to be another tenant or subscription', async () => {
    const { settings } = await open({ subscriptionId: SUBSCRIPTION_ID })
    await assert.rejects(open({ tenantId: TENANT_ID }), {
      code: 'OtherTenant',
      message:
        `this data folder is tenant ${settings.tenantId}, not ${TENANT_ID}; ` +
        'next step: leave --tenant-id out, or use another folder with --data',
    })
    const subscriptionId = TENANT_ID as string as SubscriptionId
    await assert.rejects(open({ subscriptionId }), { code: 'OtherSubscription' })
  })

  it('takes the master key from the environment, and then keeps none', async () => {
    const masterKey = new Secret<Uint8Array>(Buffer.alloc(32, 1))
    await open({ masterKey })
    assert.throws(() => statSync(folder.masterKey), { code: 'ENOENT' })
    await open({ masterKey })
    await assert.rejects(open({ masterKey: new Secret(Buffer.alloc(32, 2)) }), {
      code: 'MasterKeyWrong',
    })
    await assert.rejects(open(), { code: 'MasterKeyUnusable' })
    assert.throws(() => statSync(folder.masterKey), { code: 'ENOENT' }, 'none is made late')
  })

  it('gives the owner a new certificate when the file is lost', async () => {
    const { settings } = await open()
    const lost = new X509Certificate(readFileSync(folder.ownerCertificate))
    rmSync(folder.ownerCertificate)
    const instance = await open()
    assert.deepEqual(instance.settings, settings)
    const found = new X509Certificate(readFileSync(folder.ownerCertificate))
    assert.notEqual(found.fingerprint256, lost.fingerprint256)
    const known = await keyCredentialsOf(callOf(instance), settings.ownerApplicationId)
    assert.equal(known.length, 2)
  })
})
