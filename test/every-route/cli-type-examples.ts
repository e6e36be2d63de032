/** Examples for the types that the Azure CLI needs beyond identities, machines and vaults. */
import type { TypeExample } from './type-example.ts'
import { groupOf, WALKED } from './world.ts'

const ACCOUNT = 'walkedaccount'
const changed = { tags: { changed: 'by the walk' } }

const RULE = {
  protocol: 'Tcp',
  access: 'Allow',
  direction: 'Inbound',
  priority: 100,
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '22',
}

export const CLI_TYPES: Readonly<Record<string, TypeExample>> = {
  'Microsoft.Network/virtualNetworks': {
    put: () => ({
      location: 'westeurope',
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
    }),
    patch: changed,
  },
  'Microsoft.Network/virtualNetworks/subnets': {
    put: () => ({ properties: { addressPrefix: '10.0.0.0/24' } }),
    patch: { properties: { defaultOutboundAccess: false } },
  },
  'Microsoft.Network/networkSecurityGroups': {
    put: () => ({ location: 'westeurope', properties: {} }),
    patch: changed,
  },
  'Microsoft.Network/networkSecurityGroups/securityRules': {
    put: () => ({ properties: RULE }),
    patch: { properties: { description: 'Changed by the walk.' } },
  },
  'Microsoft.Network/publicIPAddresses': {
    put: () => ({ location: 'westeurope', sku: { name: 'Standard' }, properties: {} }),
    patch: changed,
  },
  'Microsoft.Network/networkInterfaces': {
    put: ({ subscriptionId }) => ({
      location: 'westeurope',
      properties: {
        ipConfigurations: [
          { name: 'one', properties: { subnet: { id: subnetOf(subscriptionId) } } },
        ],
      },
    }),
    patch: changed,
  },
  'Microsoft.Storage/storageAccounts': {
    names: () => [ACCOUNT],
    put: () => ({
      location: 'westeurope',
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      identity: { type: 'SystemAssigned' },
      properties: { allowBlobPublicAccess: false },
    }),
    patch: changed,
    actions: { listKeys: undefined, regenerateKey: { keyName: 'key1' } },
  },
  ...Object.fromEntries(
    ['blobServices', 'fileServices', 'queueServices', 'tableServices'].map((service) => [
      `Microsoft.Storage/storageAccounts/${service}`,
      {
        names: () => [ACCOUNT, 'default'],
        put: () => ({ properties: {} }),
        patch: { properties: { cors: { corsRules: [] } } },
      },
    ]),
  ),
  'Microsoft.Storage/storageAccounts/blobServices/containers': {
    names: () => [ACCOUNT, 'default', 'walked'],
    put: () => ({ properties: {} }),
    patch: { properties: { metadata: { changed: 'by-the-walk' } } },
  },
  'Microsoft.Storage/checkNameAvailability': {
    actions: { '': { name: 'walkedfree', type: 'Microsoft.Storage/storageAccounts' } },
  },
}

function subnetOf(subscriptionId: string): string {
  const network = `providers/Microsoft.Network/virtualNetworks/${WALKED}`
  return `${groupOf(subscriptionId)}/${network}/subnets/${WALKED}`
}
