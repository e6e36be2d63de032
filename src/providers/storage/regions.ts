/** Where accounts with copies elsewhere have them: the pairs of regions that Azure has published. */

const PAIRS: readonly (readonly [string, string])[] = [
  ['eastus', 'westus'],
  ['eastus2', 'centralus'],
  ['northcentralus', 'southcentralus'],
  ['westus2', 'westcentralus'],
  ['northeurope', 'westeurope'],
  ['uksouth', 'ukwest'],
  ['francecentral', 'francesouth'],
  ['germanywestcentral', 'germanynorth'],
  ['norwayeast', 'norwaywest'],
  ['switzerlandnorth', 'switzerlandwest'],
  ['canadacentral', 'canadaeast'],
  ['eastasia', 'southeastasia'],
  ['japaneast', 'japanwest'],
  ['australiaeast', 'australiasoutheast'],
  ['australiacentral', 'australiacentral2'],
  ['centralindia', 'southindia'],
  ['koreacentral', 'koreasouth'],
  ['southafricanorth', 'southafricawest'],
  ['uaenorth', 'uaecentral'],
]

/** Regions whose copies are in one that has its own elsewhere. */
const ONE_WAY: Readonly<Record<string, string>> = {
  westus3: 'eastus',
  brazilsouth: 'southcentralus',
  westindia: 'southindia',
}

/** The region of the copies; undefined where Azure has none for it. */
export function pairedRegion(region: string): string | undefined {
  const [one, other] = PAIRS.find((pair) => pair.includes(region)) ?? []
  return ONE_WAY[region] ?? (one === region ? other : one)
}
