/** Examples for the types that the Azure CLI needs beyond identities, machines and vaults. */
import type { TypeExample } from './type-example.ts'
import { groupOf, WALKED } from './world.ts'

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
}

function subnetOf(subscriptionId: string): string {
  const network = `providers/Microsoft.Network/virtualNetworks/${WALKED}`
  return `${groupOf(subscriptionId)}/${network}/subnets/${WALKED}`
}
