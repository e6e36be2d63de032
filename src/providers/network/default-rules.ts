/** The rules that every network security group has below its own. */
export interface DefaultRule {
  readonly name: string
  readonly description: string
  readonly access: 'Allow' | 'Deny'
  readonly priority: number
  readonly direction: 'Inbound' | 'Outbound'
  readonly sourceAddressPrefix: string
  readonly destinationAddressPrefix: string
}

const NETWORK = 'VirtualNetwork'

export const DEFAULT_RULES: readonly DefaultRule[] = [
  {
    name: 'AllowVnetInBound',
    description: 'Allow inbound traffic from all VMs in VNET',
    access: 'Allow',
    priority: 65000,
    direction: 'Inbound',
    sourceAddressPrefix: NETWORK,
    destinationAddressPrefix: NETWORK,
  },
  {
    name: 'AllowAzureLoadBalancerInBound',
    description: 'Allow inbound traffic from azure load balancer',
    access: 'Allow',
    priority: 65001,
    direction: 'Inbound',
    sourceAddressPrefix: 'AzureLoadBalancer',
    destinationAddressPrefix: '*',
  },
  {
    name: 'DenyAllInBound',
    description: 'Deny all inbound traffic',
    access: 'Deny',
    priority: 65500,
    direction: 'Inbound',
    sourceAddressPrefix: '*',
    destinationAddressPrefix: '*',
  },
  {
    name: 'AllowVnetOutBound',
    description: 'Allow outbound traffic from all VMs to all VMs in VNET',
    access: 'Allow',
    priority: 65000,
    direction: 'Outbound',
    sourceAddressPrefix: NETWORK,
    destinationAddressPrefix: NETWORK,
  },
  {
    name: 'AllowInternetOutBound',
    description: 'Allow outbound traffic from all VMs to Internet',
    access: 'Allow',
    priority: 65001,
    direction: 'Outbound',
    sourceAddressPrefix: '*',
    destinationAddressPrefix: 'Internet',
  },
  {
    name: 'DenyAllOutBound',
    description: 'Deny all outbound traffic',
    access: 'Deny',
    priority: 65500,
    direction: 'Outbound',
    sourceAddressPrefix: '*',
    destinationAddressPrefix: '*',
  },
]
