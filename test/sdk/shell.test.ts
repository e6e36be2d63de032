/**
 * `locum shell`: the Azure SDK for JavaScript as the owner of the subscription, on a workstation
 * on which Azure is local. The environment signs in; nothing is switched off.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Locum, startLocum } from '../locum.ts'
import { addApplication } from './application.ts'

const CURL_CANNOT_CONNECT = 7

describe('the Azure SDK for JavaScript in the shell', () => {
  let locum: Locum

  before(async () => {
    locum = await startLocum()
  })
  after(() => locum?.remove())

  it('builds and takes down an estate with the management libraries', async () => {
    const { worker, ...seen } = await run('manage.ts')
    const { tenantId } = locum.status
    assert.deepEqual(seen, {
      group: ['by-sdk', 'westeurope', { of: 'sdk' }, 'Succeeded'],
      identity: {
        name: 'worker',
        type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
        tenantId,
      },
      machine: {
        state: 'Succeeded',
        type: 'SystemAssigned, UserAssigned',
        tenantId,
        identities: [worker],
      },
      vault: ['https://by-sdk-vault.vault.azure.net/', 'Succeeded'],
      role: ['Key Vault Reader', 'BuiltInRole'],
      assigned: true,
      power: ['PowerState/running', 'PowerState/stopped'],
      listed: [
        'Microsoft.Compute/disks',
        'Microsoft.Compute/virtualMachines',
        'Microsoft.KeyVault/vaults',
        'Microsoft.ManagedIdentity/userAssignedIdentities',
      ],
      locked: { name: 'RestError', statusCode: 409, code: 'ScopeLocked' },
      updated: ['SystemAssigned', null],
      gone: { name: 'RestError', statusCode: 404, code: 'ResourceNotFound' },
      lives: true,
      groupExists: false,
    })
  })

  it('signs in with MSAL, and its tokens verify under the keys that discovery names', async () => {
    const { clientId, objectId, secret } = await addApplication(locum)
    const { tenantId, owner } = locum.status
    assert.deepEqual(await run('msal.ts', clientId, secret), {
      objects: [objectId, owner.objectId, owner.objectId, owner.objectId],
      proofs: ['1', '2', '2', '2'],
      verified: { iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId, alg: 'RS256' },
      discovered: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      wrongSecret: ['invalid_client', 'AADSTS7000215'],
      unknownClient: ['unauthorized_client', 'AADSTS700016'],
      unknownTenant: ['invalid_request', 'AADSTS90002'],
      unknownScope: ['invalid_resource', 'AADSTS500011'],
    })
  })

  it("is the owner, whatever else the caller's environment says", async () => {
    const environment = {
      AZURE_CLIENT_ID: 'elsewhere',
      AZURE_CLIENT_SECRET: "a real tenant's",
      AZURE_AUTHORITY_HOST: 'https://login.chinacloudapi.cn',
      IDENTITY_ENDPOINT: 'http://localhost:42356/msi/token',
      IDENTITY_HEADER: 'elsewhere',
      HTTPS_PROXY: 'http://proxy.example.com:3128',
    }
    const whoami = [process.execPath, 'test/sdk/programs/whoami.ts']
    const seen = JSON.parse(await locum.shell(whoami, { environment }))
    assert.equal(seen.oid, locum.status.owner.objectId)
  })

  it('has no metadata service of its own', async () => {
    const probe = ['curl', '-s', '-m', '2', '-H', 'Metadata:true']
    const url =
      'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net'
    const ran = await locum.run(['shell', '--', ...probe, url])
    assert.equal(ran.code, CURL_CANNOT_CONNECT)
  })

  async function run(program: string, ...argv: readonly string[]) {
    const command = [process.execPath, `test/sdk/programs/${program}`, ...argv]
    return JSON.parse(await locum.shell(command))
  }
})
