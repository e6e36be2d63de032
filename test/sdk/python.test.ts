/**
 * The Azure SDK for Python in a virtual machine and in the shell: own files, no setting, nothing
 * switched off. It stands in `.venv`, which the set-up for tests makes.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { grant, type Machine, makeGroup, type Principal } from '../estate.ts'
import { CLONE, type Locum, startLocum } from '../locum.ts'
import { addApplication } from './application.ts'

const PYTHON = join(CLONE, '.venv', 'bin', 'python')
const VAULT = 'https://python-vault.vault.azure.net'
const skip = !existsSync(PYTHON) && `there is no ${PYTHON}: node setup/setup.ts --tests makes it`

describe('the Azure SDK for Python', { skip }, () => {
  let locum: Locum
  let machine: Machine
  let worker: Principal
  let foreign: Principal

  before(async () => {
    locum = await startLocum()
    const estate = await makeGroup(locum, 'python')
    worker = await estate.identity('worker')
    foreign = await estate.identity('foreign')
    machine = await estate.machine('app', { user: [worker] })
    const vault = await estate.vault('python-vault')
    const { principalId = '' } = machine.own ?? {}
    for (const role of ['Key Vault Secrets Officer', 'Key Vault Crypto Officer']) {
      await grant(locum, role, principalId, vault.id)
    }
    await grant(locum, 'Key Vault Crypto User', principalId, vault.id)
    await grant(locum, 'Key Vault Secrets User', worker.principalId, vault.id)
  })
  after(() => locum?.remove())

  it('takes tokens in a machine by every credential of azure-identity', async () => {
    const { clientId, principalId, id } = worker
    const seen = await inMachine('credentials.py', clientId, principalId, id, foreign.clientId)
    const own = machine.own?.principalId
    assert.deepEqual(seen.objects, {
      default: own,
      clientId: principalId,
      objectId: principalId,
      resourceId: principalId,
      chain: own,
      chainByClientId: principalId,
    })
    assert.equal(seen.audience, 'https://management.azure.com/')
    assert.match(seen.foreign, /Identity not found/)
    assert.match(seen.unknownResource, /AADSTS500011/)
  })

  it('keeps secrets and uses keys in a machine', async () => {
    assert.deepEqual(await inMachine('vault.py', VAULT, worker.clientId), {
      values: ['second', 'first'],
      disabled: [403, 'Forbidden'],
      versions: [false, true],
      listed: ['other', 'password'],
      gone: [404, 'SecretNotFound'],
      recovered: { of: 'db' },
      deleted: ['other'],
      purged: [404, 'SecretNotFound'],
      readers: { value: 'first', write: [403, 'Forbidden'] },
      signatures: [true, true, false],
      opened: 'plain',
      unwrapped: 'k'.repeat(32),
      keys: ['curve', 'rsa'],
      curve: ['EC', 'P-384'],
      rotated: [true, 90, ['Rotate', 'Notify']],
      restored: true,
      missing: [404, 'KeyNotFound'],
    })
  })

  it('builds and takes down an estate in the shell', async () => {
    assert.deepEqual(await inShell('manage.py'), {
      machine: ['Succeeded', 'SystemAssigned, UserAssigned'],
      carries: [true],
      vault: 'https://by-python-vault.vault.azure.net/',
      role: 'Key Vault Reader',
      assigned: true,
      listed: [
        'Microsoft.Compute/disks',
        'Microsoft.Compute/virtualMachines',
        'Microsoft.KeyVault/vaults',
        'Microsoft.ManagedIdentity/userAssignedIdentities',
      ],
      gone: [404, 'ResourceNotFound'],
      lives: true,
      groupExists: false,
    })
  })

  it('does in the shell what tools made of it do: networks, sites, locks and batches', async () => {
    assert.deepEqual(await inShell('estate.py'), {
      asynchronous: true,
      made: {
        rule: ['Allow', 'Inbound'],
        address: '10.0.0.4',
        machine: 'Succeeded',
        blobs: 'https://bytoolsstore.blob.core.windows.net/',
        plan: ['linux', 'Basic'],
        site: ['by-tools-site.azurewebsites.net', true],
      },
      stale: [412, 'PreconditionFailed'],
      lock: { refused: [409, 'ScopeLocked'], listed: ['keep'] },
      batch: [
        [
          ['0', 200],
          ['1', 404],
        ],
        ['machine'],
      ],
      pages: true,
      again: 'Succeeded',
      groupExists: false,
    })
  })

  it('signs in with MSAL in the shell, and PyJWT verifies what it gets', async () => {
    const { clientId, objectId, secret } = await addApplication(locum)
    const { tenantId, owner } = locum.status
    assert.deepEqual(await inShell('msal_client.py', clientId, secret), {
      objects: {
        secret: objectId,
        sha1: owner.objectId,
        sha1WithChain: owner.objectId,
        sha256: owner.objectId,
      },
      verified: [`https://sts.windows.net/${tenantId}/`, clientId],
      wrong: ['invalid_client', [7000215]],
    })
  })

  async function inMachine(program: string, ...argv: readonly string[]) {
    return JSON.parse(await locum.exec('app', command(program, argv)))
  }

  async function inShell(program: string, ...argv: readonly string[]) {
    return JSON.parse(await locum.shell(command(program, argv)))
  }
})

function command(program: string, argv: readonly string[]): readonly string[] {
  return [PYTHON, `test/sdk/programs/${program}`, ...argv]
}
