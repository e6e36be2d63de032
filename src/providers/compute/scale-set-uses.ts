/** What a scale set refers to: the networks its machines would be in, and what they stand in. */
import { z } from 'zod'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Use } from '../provider.ts'
import { isManagedImage } from './storage-profile.ts'

const reference = z.looseObject({ id: z.string() })
const references = z.array(reference).optional()

const ipConfiguration = z.looseObject({
  properties: z
    .looseObject({
      subnet: reference.optional(),
      loadBalancerBackendAddressPools: references,
      loadBalancerInboundNatPools: references,
      applicationSecurityGroups: references,
    })
    .optional(),
})

/** What of the model says to what it refers; the rest is kept as it came. */
export const machineProfile = z.looseObject({
  osProfile: z.looseObject({ computerNamePrefix: z.string().optional() }).optional(),
  storageProfile: z
    .looseObject({
      imageReference: z.looseObject({ id: z.string().optional() }).optional(),
      osDisk: z.looseObject({}).optional(),
    })
    .optional(),
  networkProfile: z
    .looseObject({
      healthProbe: reference.optional(),
      networkInterfaceConfigurations: z
        .array(
          z.looseObject({
            name: z.string(),
            properties: z
              .looseObject({
                primary: z.boolean().optional(),
                networkSecurityGroup: reference.optional(),
                ipConfigurations: z.array(ipConfiguration).optional(),
              })
              .optional(),
          }),
        )
        .optional(),
    })
    .optional(),
})
export type MachineProfile = z.infer<typeof machineProfile>

const NETWORK = 'Microsoft.Network'

export function usesOfProfile(
  { text: from }: ResourceId,
  profile: MachineProfile,
  before: unknown,
): Use[] {
  const { networkProfile: network, storageProfile: storage } = profile
  const interfaces = (network?.networkInterfaceConfigurations ?? []).map((one) => one.properties)
  const addresses = interfaces.flatMap((one) =>
    (one?.ipConfigurations ?? []).map(({ properties: of }) => of),
  )
  const to = (all: readonly (z.infer<typeof reference> | undefined)[], action: string): Use[] =>
    all.flatMap((one) => (one ? [{ from, to: parseResourceId(one.id), action }] : []))
  const image = storage?.imageReference?.id
  return [
    ...to(
      addresses.map((of) => of?.subnet),
      `${NETWORK}/virtualNetworks/subnets/join/action`,
    ),
    ...to(
      interfaces.map((of) => of?.networkSecurityGroup),
      `${NETWORK}/networkSecurityGroups/join/action`,
    ),
    ...to(
      addresses.flatMap((of) => of?.loadBalancerBackendAddressPools ?? []),
      `${NETWORK}/loadBalancers/backendAddressPools/join/action`,
    ),
    ...to(
      addresses.flatMap((of) => of?.loadBalancerInboundNatPools ?? []),
      `${NETWORK}/loadBalancers/inboundNatPools/join/action`,
    ),
    ...to(
      addresses.flatMap((of) => of?.applicationSecurityGroups ?? []),
      `${NETWORK}/applicationSecurityGroups/joinIpConfiguration/action`,
    ),
    ...to([network?.healthProbe], `${NETWORK}/loadBalancers/probes/join/action`),
    ...(image !== undefined && isManagedImage(image) && before === undefined
      ? [{ ...usesImage(from, image), once: true as const }]
      : []),
  ]
}

function usesImage(from: string, image: string): Use {
  return { from, to: parseResourceId(image), action: 'Microsoft.Compute/images/read' }
}
