/**
 * Microsoft.ContainerInstance: container groups as hosts of identities. No image is pulled and no
 * container runs here.
 */
import type { Provider } from '../provider.ts'
import { containerGroups, containerLogs, containers } from './container-groups.ts'

export const containerInstanceProvider: Provider = {
  namespace: 'Microsoft.ContainerInstance',
  types: [containerGroups, containers, containerLogs],
}
