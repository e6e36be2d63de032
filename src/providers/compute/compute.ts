/**
 * Microsoft.Compute: virtual machines. A VM here is a wanted state in the database; the machines job
 * makes a live sandbox of it.
 */
import type { Provider } from '../provider.ts'
import { virtualMachines } from './virtual-machines.ts'

export const computeProvider: Provider = {
  namespace: 'Microsoft.Compute',
  types: [virtualMachines],
}
