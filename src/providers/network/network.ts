/**
 * Microsoft.Network: the wiring that machines are described with. Names, addresses and references
 * are kept as Azure keeps them, and refused as Azure refuses them; no packet is routed by what is
 * written here: what a machine can reach is decided by its sandbox.
 */
import type { Provider } from '../provider.ts'
import { applicationSecurityGroups } from './application-security-groups.ts'
import { endpointServices } from './endpoint-services.ts'
import { loadBalancerChildren } from './load-balancer-children.ts'
import { loadBalancers } from './load-balancers.ts'
import { natGateways } from './nat-gateways.ts'
import { networkInterfaces } from './network-interfaces.ts'
import { allPrivateDnsRecords, privateDnsRecords } from './private-dns-records.ts'
import { privateDnsZones, virtualNetworkLinks } from './private-dns-zones.ts'
import { privateDnsZoneGroups, privateEndpoints } from './private-endpoints.ts'
import { publicIPAddresses } from './public-ip-addresses.ts'
import { publicIPPrefixes } from './public-ip-prefixes.ts'
import { routes, routeTables } from './route-tables.ts'
import { securityGroups } from './security-groups.ts'
import { securityRules } from './security-rules.ts'
import { subnets } from './subnets.ts'
import { virtualNetworkPeerings } from './virtual-network-peerings.ts'
import { virtualNetworks } from './virtual-networks.ts'

export const networkProvider: Provider = {
  namespace: 'Microsoft.Network',
  types: [
    virtualNetworks,
    subnets,
    virtualNetworkPeerings,
    applicationSecurityGroups,
    securityGroups,
    securityRules,
    routeTables,
    routes,
    publicIPPrefixes,
    publicIPAddresses,
    natGateways,
    loadBalancers,
    ...loadBalancerChildren,
    networkInterfaces,
    privateDnsZones,
    virtualNetworkLinks,
    ...privateDnsRecords,
    allPrivateDnsRecords,
    privateEndpoints,
    privateDnsZoneGroups,
    endpointServices,
  ],
}
