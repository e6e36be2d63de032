/** GET …/locations/{location}/virtualNetworkAvailableEndpointServices: what subnets can name. */
import type { DerivedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'

const SERVICES = [
  'Microsoft.AzureActiveDirectory',
  'Microsoft.AzureCosmosDB',
  'Microsoft.CognitiveServices',
  'Microsoft.ContainerRegistry',
  'Microsoft.EventHub',
  'Microsoft.KeyVault',
  'Microsoft.ServiceBus',
  'Microsoft.Sql',
  'Microsoft.Storage',
  'Microsoft.Storage.Global',
  'Microsoft.Web',
]

export const endpointServices: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Network/locations/virtualNetworkAvailableEndpointServices',
  apiVersions: NETWORK_API_VERSIONS,
  place: 'subscription',
  async list(_call, { subscriptionId }) {
    const value = SERVICES.map((name) => ({
      name,
      id: `/subscriptions/${subscriptionId}/providers/Microsoft.Network/virtualNetworkEndpointServices/${name}`,
      type: 'Microsoft.Network/virtualNetworkEndpointServices',
    }))
    return { status: 200, body: { value } }
  },
}
