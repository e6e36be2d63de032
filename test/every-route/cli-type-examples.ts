/** Examples for the types that the Azure CLI needs beyond identities, machines and vaults. */
import type { TypeExample } from './type-example.ts'
import { ANOTHER, groupOf, WALKED } from './world.ts'

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

const IMAGE = ['westeurope', 'Canonical', 'vmimage', 'UbuntuServer', '18.04-LTS', '18.04.202401161']
const EXTENSION = [
  'westeurope',
  'Microsoft.Compute',
  'vmextension',
  'CustomScriptExtension',
  '1.10.15',
]

export const CLI_TYPES: Readonly<Record<string, TypeExample>> = {
  'Microsoft.Network/virtualNetworks': {
    another: ANOTHER,
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
  'Microsoft.Storage/storageAccounts/fileServices/shares': {
    names: () => [ACCOUNT, 'default', 'walked'],
    put: () => ({ properties: { shareQuota: 5 } }),
    patch: { properties: { metadata: { changed: 'by-the-walk' } } },
  },
  'Microsoft.Storage/storageAccounts/queueServices/queues': {
    names: () => [ACCOUNT, 'default', 'walked'],
    put: () => ({ properties: {} }),
    patch: { properties: { metadata: { changed: 'by-the-walk' } } },
  },
  'Microsoft.Storage/checkNameAvailability': {
    actions: { '': { name: 'walkedfree', type: 'Microsoft.Storage/storageAccounts' } },
  },
  'Microsoft.Compute/virtualMachines/extensions': {
    put: () => ({
      location: 'westeurope',
      properties: {
        publisher: 'Microsoft.Azure.Extensions',
        type: 'CustomScript',
        typeHandlerVersion: '2.1',
        settings: { commandToExecute: 'true' },
        protectedSettings: { script: 'walked-secret-value' },
      },
    }),
    patch: { properties: { autoUpgradeMinorVersion: true } },
  },
  'Microsoft.Compute/disks': {
    put: () => ({
      location: 'westeurope',
      properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 4 },
    }),
    patch: changed,
  },
  'Microsoft.Compute/availabilitySets': {
    put: () => ({ location: 'westeurope', properties: {} }),
    patch: changed,
  },
  'Microsoft.Web/serverfarms': {
    put: () => ({ location: 'westeurope', sku: { name: 'B1' }, properties: {} }),
    patch: changed,
  },
  'Microsoft.Web/sites': {
    put: () => ({
      location: 'westeurope',
      kind: 'functionapp,linux',
      properties: { siteConfig: { appSettings: [{ name: 'a', value: 'walked-secret-value' }] } },
    }),
    patch: changed,
    actions: {
      start: undefined,
      stop: undefined,
      restart: undefined,
      publishxml: undefined,
    },
  },
  'Microsoft.Web/sites/slots': {
    put: () => ({
      location: 'westeurope',
      properties: { siteConfig: { appSettings: [{ name: 'a', value: 'walked-secret-value' }] } },
    }),
    patch: changed,
    actions: {
      start: undefined,
      stop: undefined,
      restart: undefined,
      publishxml: undefined,
    },
  },
  'Microsoft.Web/sites/config': {
    names: () => [WALKED, 'logs'],
    put: () => ({ properties: { level: 'Off' } }),
    patch: { properties: { level: 'Error' } },
    actions: { list: undefined },
  },
  'Microsoft.Web/sites/slots/config': {
    names: () => [WALKED, WALKED, 'logs'],
    put: () => ({ properties: { level: 'Off' } }),
    patch: { properties: { level: 'Error' } },
    actions: { list: undefined },
  },
  'Microsoft.Web/sites/config/list': { names: () => [WALKED, 'authsettingsV2', WALKED] },
  'Microsoft.Web/sites/slots/config/list': {
    names: () => [WALKED, WALKED, 'authsettingsV2', WALKED],
  },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': {
    names: () => [WALKED, 'ftp'],
    put: () => ({ properties: { allow: false } }),
  },
  'Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies': {
    names: () => [WALKED, WALKED, 'scm'],
    put: () => ({ properties: { allow: false } }),
  },
  'Microsoft.Web/geoRegions': {},
  'Microsoft.Web/webAppStacks': {},
  'Microsoft.Web/functionAppStacks': {},
  'Microsoft.Web/locations/functionAppStacks': { names: () => ['westeurope', WALKED] },
  'Microsoft.Web/checkNameAvailability': {
    actions: { '': { name: 'walked-free', type: 'Site' } },
  },
  'Microsoft.Insights/eventtypes/values': { names: () => ['management', 'walked'] },
  'Microsoft.Insights/components': {
    put: () => ({ location: 'westeurope', kind: 'web', properties: { Application_Type: 'web' } }),
    patch: changed,
    writes: { currentbillingfeatures: { DataVolumeCap: { Cap: 5 } } },
  },
  'Microsoft.OperationalInsights/workspaces': {
    put: () => ({ location: 'westeurope', properties: { sku: { name: 'PerGB2018' } } }),
    patch: changed,
    actions: { sharedKeys: undefined },
  },
  'Microsoft.OperationalInsights/deletedWorkspaces': {},
  'Microsoft.ContainerInstance/containerGroups': {
    put: () => ({
      location: 'westeurope',
      properties: {
        osType: 'Linux',
        containers: [{ name: 'one', properties: { image: 'busybox' } }],
      },
    }),
    patch: changed,
    actions: { start: undefined, stop: undefined, restart: undefined },
  },
  'Microsoft.ContainerInstance/containerGroups/containers': {
    names: () => [WALKED, 'one'],
    actions: { exec: { command: 'true' } },
  },
  'Microsoft.ContainerInstance/containerGroups/containers/logs': {
    names: () => [WALKED, 'one', WALKED],
  },
  'Microsoft.Compute/locations/publishers': { names: () => IMAGE },
  'Microsoft.Compute/locations/publishers/artifacttypes/offers': { names: () => IMAGE },
  'Microsoft.Compute/locations/publishers/artifacttypes/offers/skus': { names: () => IMAGE },
  'Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions': {
    names: () => IMAGE,
  },
  'Microsoft.Compute/locations/publishers/artifacttypes/types': { names: () => EXTENSION },
  'Microsoft.Compute/locations/publishers/artifacttypes/types/versions': {
    names: () => EXTENSION,
  },
  'Microsoft.Compute/locations/vmSizes': { names: () => ['westeurope', 'walked'] },
  'Microsoft.Compute/locations/usages': { names: () => ['westeurope', 'walked'] },
  'Microsoft.Compute/skus': {},
}

function subnetOf(subscriptionId: string): string {
  const network = `providers/Microsoft.Network/virtualNetworks/${WALKED}`
  return `${groupOf(subscriptionId)}/${network}/subnets/${WALKED}`
}
