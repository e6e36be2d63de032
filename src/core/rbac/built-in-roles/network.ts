/** Roles for networks, names and traffic. */
import type { BuiltInRoleRow } from './row.ts'

export const NETWORK: readonly BuiltInRoleRow[] = [
  {
    name: 'Network Contributor',
    id: '4d97b98b-1d4f-4787-a291-c67834d212e7',
    description: 'Manages networks of every kind.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Network/*',
          'Microsoft.ResourceHealth/availabilityStatuses/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'Classic Network Contributor',
    id: 'b34d265f-36f7-4a0d-a4d4-e158ca92e90f',
    description: 'Manages classic networks.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.ClassicNetwork/*',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.ResourceHealth/availabilityStatuses/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'DNS Zone Contributor',
    id: 'befefa01-2a29-4197-83a8-272ff33ce314',
    description: 'Manages public name zones and their records.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Network/dnsZones/*',
          'Microsoft.ResourceHealth/availabilityStatuses/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'Private DNS Zone Contributor',
    id: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
    description: 'Manages private name zones and their records.',
    permissions: [
      {
        actions: [
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
          'Microsoft.Network/privateDnsZones/*',
          'Microsoft.Network/privateDnsOperationResults/*',
          'Microsoft.Network/privateDnsOperationStatuses/*',
          'Microsoft.Network/virtualNetworks/read',
          'Microsoft.Network/virtualNetworks/join/action',
          'Microsoft.Authorization/*/read',
        ],
      },
    ],
  },
  {
    name: 'Traffic Manager Contributor',
    id: 'a4b10055-b0c7-44c2-b00f-c7b5b3550cf7',
    description: 'Manages Traffic Manager profiles.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Network/trafficManagerProfiles/*',
          'Microsoft.ResourceHealth/availabilityStatuses/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'CDN Endpoint Contributor',
    id: '426e0c7f-0c7e-4658-b36f-ff54d6c29b45',
    description: 'Manages endpoints of content delivery.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Cdn/edgenodes/read',
          'Microsoft.Cdn/operationresults/*',
          'Microsoft.Cdn/profiles/endpoints/*',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'CDN Endpoint Reader',
    id: '871e35f6-b5c1-49cc-a043-bde969a0f2cd',
    description: 'Sees endpoints of content delivery.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Cdn/edgenodes/read',
          'Microsoft.Cdn/operationresults/*',
          'Microsoft.Cdn/profiles/endpoints/*/read',
          'Microsoft.Cdn/profiles/afdendpoints/validateCustomDomain/action',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'CDN Profile Contributor',
    id: 'ec156ff8-a8d1-4d15-830c-5b80698ca432',
    description: 'Manages profiles of content delivery and their endpoints.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Cdn/edgenodes/read',
          'Microsoft.Cdn/operationresults/*',
          'Microsoft.Cdn/profiles/*',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'CDN Profile Reader',
    id: '8f96442b-4075-438f-813d-ad51ab4019af',
    description: 'Sees profiles of content delivery and their endpoints.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Cdn/edgenodes/read',
          'Microsoft.Cdn/operationresults/*',
          'Microsoft.Cdn/profiles/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/read',
          'Microsoft.Cdn/profiles/afdendpoints/validateCustomDomain/action',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
          'Microsoft.Cdn/profiles/CheckResourceUsage/action',
          'Microsoft.Cdn/profiles/endpoints/CheckResourceUsage/action',
        ],
      },
    ],
  },
  {
    name: 'Windows 365 Network Interface Contributor',
    id: '1f135831-5bbe-4924-9016-264044c00788',
    description: 'Lets Windows 365 make network interfaces.',
    permissions: [
      {
        actions: [
          'Microsoft.Resources/subscriptions/resourcegroups/read',
          'Microsoft.Resources/deployments/read',
          'Microsoft.Resources/deployments/write',
          'Microsoft.Resources/deployments/delete',
          'Microsoft.Resources/deployments/operations/read',
          'Microsoft.Resources/deployments/operationstatuses/read',
          'Microsoft.Network/locations/operations/read',
          'Microsoft.Network/locations/operationResults/read',
          'Microsoft.Network/locations/usages/read',
          'Microsoft.Network/networkInterfaces/write',
          'Microsoft.Network/networkInterfaces/read',
          'Microsoft.Network/networkInterfaces/delete',
          'Microsoft.Network/networkInterfaces/join/action',
          'Microsoft.Network/networkInterfaces/effectiveNetworkSecurityGroups/action',
          'Microsoft.Network/networkInterfaces/effectiveRouteTable/action',
        ],
      },
    ],
  },
  {
    name: 'Windows 365 Network User',
    id: '7eabc9a4-85f7-4f71-b8ab-75daaccc1033',
    description: 'Lets Windows 365 read virtual networks and join them.',
    permissions: [
      {
        actions: [
          'Microsoft.Network/virtualNetworks/read',
          'Microsoft.Network/virtualNetworks/subnets/read',
          'Microsoft.Network/virtualNetworks/usages/read',
          'Microsoft.Network/virtualNetworks/subnets/join/action',
        ],
      },
    ],
  },
]
