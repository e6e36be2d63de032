/** Examples for the wiring around virtual networks, and for what machines are made of. */
import type { Facts, TypeExample } from './type-example.ts'
import { ANOTHER, groupOf, WALKED } from './world.ts'

const ZONE = 'walked.example'
const changed = { tags: { changed: 'by the walk' } }
const location = 'westeurope'

const networkOf = ({ subscriptionId }: Facts, path: string) =>
  `${groupOf(subscriptionId)}/providers/Microsoft.Network/${path}`
const subnetOf = (facts: Facts) => networkOf(facts, `virtualNetworks/${WALKED}/subnets/${WALKED}`)
const frontOf = (facts: Facts) =>
  networkOf(facts, `loadBalancers/${WALKED}/frontendIPConfigurations/${WALKED}`)

/** One set of records of each type, named once for all. */
const RECORDS: Readonly<Record<string, readonly [string, object]>> = {
  A: [WALKED, { aRecords: [{ ipv4Address: '10.0.0.9' }] }],
  AAAA: [WALKED, { aaaaRecords: [{ ipv6Address: '2001:db8::9' }] }],
  CNAME: [WALKED, { cnameRecord: { cname: 'other.example' } }],
  MX: [WALKED, { mxRecords: [{ preference: 10, exchange: 'mail.example' }] }],
  PTR: [WALKED, { ptrRecords: [{ ptrdname: 'host.example' }] }],
  SOA: ['@', { soaRecord: { email: 'walked.example' } }],
  SRV: [WALKED, { srvRecords: [{ priority: 1, weight: 1, port: 80, target: 'host.example' }] }],
  TXT: [WALKED, { txtRecords: [{ value: ['walked'] }] }],
}

const instances = { instanceIds: ['0'] }
const disk = { creationData: { createOption: 'Empty' }, diskSizeGB: 4 }

export const NETWORK_TYPES: Readonly<Record<string, TypeExample>> = {
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': {
    put: (facts) => ({
      properties: {
        remoteVirtualNetwork: { id: networkOf(facts, `virtualNetworks/${ANOTHER}`) },
      },
    }),
    patch: { properties: { allowForwardedTraffic: true } },
  },
  'Microsoft.Network/applicationSecurityGroups': {
    put: () => ({ location, properties: {} }),
    patch: changed,
  },
  'Microsoft.Network/routeTables': { put: () => ({ location, properties: {} }), patch: changed },
  'Microsoft.Network/routeTables/routes': {
    put: () => ({ properties: { addressPrefix: '10.9.0.0/16', nextHopType: 'None' } }),
    patch: { properties: { addressPrefix: '10.8.0.0/16' } },
  },
  'Microsoft.Network/publicIPPrefixes': {
    put: () => ({ location, sku: { name: 'Standard' }, properties: { prefixLength: 30 } }),
    patch: changed,
  },
  'Microsoft.Network/natGateways': {
    put: () => ({ location, sku: { name: 'Standard' }, properties: {} }),
    patch: changed,
  },
  'Microsoft.Network/loadBalancers': {
    put: (facts) => ({
      location,
      sku: { name: 'Standard' },
      properties: {
        frontendIPConfigurations: [
          { name: WALKED, properties: { subnet: { id: subnetOf(facts) } } },
        ],
        backendAddressPools: [{ name: WALKED }],
        probes: [{ name: WALKED, properties: { protocol: 'Tcp', port: '80' } }],
        loadBalancingRules: [
          {
            name: WALKED,
            properties: {
              frontendIPConfiguration: { id: frontOf(facts) },
              protocol: 'Tcp',
              frontendPort: 80,
              backendPort: 80,
            },
          },
        ],
      },
    }),
    patch: changed,
  },
  'Microsoft.Network/loadBalancers/frontendIPConfigurations': {},
  'Microsoft.Network/loadBalancers/backendAddressPools': { put: () => ({ properties: {} }) },
  'Microsoft.Network/loadBalancers/loadBalancingRules': {},
  'Microsoft.Network/loadBalancers/probes': {},
  'Microsoft.Network/loadBalancers/inboundNatRules': {
    put: (facts) => ({
      properties: {
        frontendIPConfiguration: { id: frontOf(facts) },
        protocol: 'Tcp',
        frontendPort: 2222,
        backendPort: 22,
      },
    }),
  },
  'Microsoft.Network/loadBalancers/outboundRules': {},
  'Microsoft.Network/privateDnsZones': {
    names: () => [ZONE],
    put: () => ({ location: 'global', properties: {} }),
    patch: changed,
  },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': {
    names: () => [ZONE, WALKED],
    put: (facts) => ({
      location: 'global',
      properties: {
        virtualNetwork: { id: networkOf(facts, `virtualNetworks/${WALKED}`) },
        registrationEnabled: false,
      },
    }),
    patch: changed,
  },
  ...Object.fromEntries(
    Object.entries(RECORDS).map(([type, [name, records]]) => [
      `Microsoft.Network/privateDnsZones/${type}`,
      {
        names: () => [ZONE, name],
        put: () => ({ properties: { ttl: 300, ...records } }),
        patch: { properties: { ttl: 600 } },
      },
    ]),
  ),
  'Microsoft.Network/privateDnsZones/ALL': { names: () => [ZONE, WALKED] },
  'Microsoft.Network/privateEndpoints': {
    put: (facts) => ({
      location,
      properties: {
        subnet: { id: subnetOf(facts) },
        manualPrivateLinkServiceConnections: [
          {
            name: 'one',
            properties: {
              privateLinkServiceId: `${groupOf(facts.subscriptionId)}/providers/Microsoft.KeyVault/vaults/walked-vault`,
              groupIds: ['vault'],
            },
          },
        ],
      },
    }),
    patch: changed,
  },
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': {
    put: (facts) => ({
      properties: {
        privateDnsZoneConfigs: [
          {
            name: 'one',
            properties: { privateDnsZoneId: networkOf(facts, `privateDnsZones/${ZONE}`) },
          },
        ],
      },
    }),
    patch: { properties: { privateDnsZoneConfigs: [] } },
  },
  'Microsoft.Network/locations/virtualNetworkAvailableEndpointServices': {
    names: () => [location, WALKED],
  },
  'Microsoft.Compute/virtualMachines/runCommands': {
    put: () => ({ location, properties: { source: { script: 'true' } } }),
    patch: { properties: { source: { script: 'false' } } },
  },
  'Microsoft.Compute/snapshots': { put: () => ({ location, properties: disk }), patch: changed },
  'Microsoft.Compute/images': {
    put: () => ({
      location,
      properties: {
        storageProfile: {
          osDisk: {
            osType: 'Linux',
            osState: 'Generalized',
            blobUri: 'https://walkedaccount.blob.core.windows.net/vhds/walked.vhd',
          },
        },
      },
    }),
    patch: changed,
  },
  'Microsoft.Compute/sshPublicKeys': {
    put: () => ({ location, properties: { publicKey: 'ssh-ed25519 AAAA walked' } }),
    patch: changed,
    actions: { generateKeyPair: { encryptionType: 'Ed25519' } },
  },
  'Microsoft.Compute/proximityPlacementGroups': {
    put: () => ({ location, properties: { proximityPlacementGroupType: 'Standard' } }),
    patch: changed,
  },
  'Microsoft.Compute/virtualMachineScaleSets': {
    put: () => ({
      location,
      sku: { name: 'Standard_B1s', capacity: 1 },
      properties: {
        virtualMachineProfile: { osProfile: { adminPassword: 'walked-secret-value' } },
      },
    }),
    patch: changed,
    actions: Object.fromEntries(
      [
        'start',
        'powerOff',
        'deallocate',
        'restart',
        'reimage',
        'reimageAll',
        'manualupgrade',
        'delete',
      ].map((name) => [name, instances]),
    ),
  },
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines': {
    names: () => [WALKED, '0'],
    actions: {
      start: undefined,
      powerOff: undefined,
      deallocate: undefined,
      restart: undefined,
      reimage: undefined,
    },
  },
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/instanceView': {
    names: () => [WALKED, '0', WALKED],
  },
  'Microsoft.Compute/locations/runCommands': { names: () => [location, 'RunShellScript'] },
}
