import assert from 'node:assert/strict'
import { test } from 'node:test'
import { azureNames, localNames } from '../../base/names.ts'
import { firstPartyName } from './audiences.ts'

const local = localNames('locum.localhost', 8443)

test('resources of Microsoft are known by URI, by client id and by account', () => {
  const rows: [asked: string, name: string | undefined][] = [
    ['https://vault.azure.net', 'Azure Key Vault'],
    ['https://vault.azure.net/', 'Azure Key Vault'],
    ['HTTPS://Vault.Azure.Net', 'Azure Key Vault'],
    ['cfa8b339-82a2-471a-a3c9-0fc0be7a4093', 'Azure Key Vault'],
    ['https://management.core.windows.net/', 'Azure Resource Manager'],
    ['https://store1.blob.core.windows.net', 'Azure Storage'],
    ['https://a.b.servicebus.windows.net/', 'Azure Service Bus'],
    ['api://AzureADTokenExchange', 'Workload identity token exchange'],
    ['https://vault.azure.net//', undefined],
    ['https://vault.azure.net/secrets', undefined],
    ['http://vault.azure.net', undefined],
    ['vault.azure.net', undefined],
    ['https://kv1.vault.azure.net', undefined],
    ['https://vault.azure.net.evil.example', undefined],
    ['https://.blob.core.windows.net', undefined],
    ['https://x/y.blob.core.windows.net', undefined],
    ['https://user@x.blob.core.windows.net', undefined],
    ['', undefined],
  ]
  for (const [asked, name] of rows) assert.equal(firstPartyName(azureNames, asked), name, asked)
})

test('local names are resources for those who reach us by them, and for nobody else', () => {
  const rows: [asked: string, name: string][] = [
    ['https://management.locum.localhost:8443', 'Azure Resource Manager'],
    ['https://graph.locum.localhost:8443/', 'Microsoft Graph'],
    ['https://vault.locum.localhost:8443', 'Azure Key Vault'],
    ['https://blob.locum.localhost:8443', 'Azure Storage'],
  ]
  for (const [asked, name] of rows) {
    assert.equal(firstPartyName(local, asked), name)
    assert.equal(firstPartyName(azureNames, asked), undefined)
  }
  assert.equal(firstPartyName(local, 'https://vault.azure.net'), 'Azure Key Vault')
})
