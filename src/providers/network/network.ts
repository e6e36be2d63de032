/**
 * Microsoft.Network: the wiring that machines are described with. Names, addresses and references
 * are kept as Azure keeps them, and refused as Azure refuses them; no packet is routed by what is
 * written here: what a machine can reach is decided by its sandbox.
 */
import type { Provider } from '../provider.ts'
import { networkInterfaces } from './network-interfaces.ts'
import { publicIPAddresses } from './public-ip-addresses.ts'
import { securityGroups } from './security-groups.ts'
import { securityRules } from './security-rules.ts'
import { subnets } from './subnets.ts'
import { virtualNetworks } from './virtual-networks.ts'

export const networkProvider: Provider = {
  namespace: 'Microsoft.Network',
  types: [
    virtualNetworks,
    subnets,
    securityGroups,
    securityRules,
    publicIPAddresses,
    networkInterfaces,
  ],
}
