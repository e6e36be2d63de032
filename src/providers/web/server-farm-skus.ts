/** The sizes an App Service plan comes in, and what each of them says. */
import { Failure } from '../../base/failure.ts'

interface Size {
  readonly pattern: RegExp
  readonly tier: string
  readonly family: string
  /** What clients write in place of a size, and the size that is then meant. */
  readonly usual?: string
  /** What the plan runs on without being asked; none where it grows by itself from nothing. */
  readonly capacity: number
  readonly mostWorkers: number
  /** In place of what the operating system says. */
  readonly kind?: string
}

const SIZES: readonly Size[] = [
  { pattern: /^F1$/, tier: 'Free', family: 'F', usual: 'F1', capacity: 1, mostWorkers: 1 },
  { pattern: /^D1$/, tier: 'Shared', family: 'D', usual: 'D1', capacity: 1, mostWorkers: 1 },
  { pattern: /^B[1-3]$/, tier: 'Basic', family: 'B', usual: 'B1', capacity: 1, mostWorkers: 3 },
  { pattern: /^S[1-3]$/, tier: 'Standard', family: 'S', usual: 'S1', capacity: 1, mostWorkers: 10 },
  { pattern: /^P[1-3]v2$/, tier: 'PremiumV2', family: 'Pv2', capacity: 1, mostWorkers: 30 },
  { pattern: /^P[0-3]v3$/, tier: 'PremiumV3', family: 'Pv3', capacity: 1, mostWorkers: 30 },
  { pattern: /^P[1-5]mv3$/, tier: 'PremiumMV3', family: 'Pmv3', capacity: 1, mostWorkers: 30 },
  { pattern: /^P[0-3]v4$/, tier: 'PremiumV4', family: 'Pv4', capacity: 1, mostWorkers: 30 },
  { pattern: /^P[1-5]mv4$/, tier: 'PremiumMV4', family: 'Pmv4', capacity: 1, mostWorkers: 30 },
  { pattern: /^P[1-3]$/, tier: 'Premium', family: 'P', capacity: 1, mostWorkers: 20 },
  { pattern: /^I[1-6]v2$/, tier: 'IsolatedV2', family: 'Iv2', capacity: 1, mostWorkers: 100 },
  { pattern: /^I[1-5]mv2$/, tier: 'IsolatedMV2', family: 'Imv2', capacity: 1, mostWorkers: 100 },
  {
    pattern: /^EP[1-3]$/,
    tier: 'ElasticPremium',
    family: 'EP',
    capacity: 1,
    mostWorkers: 100,
    kind: 'elastic',
  },
  {
    pattern: /^WS[1-3]$/,
    tier: 'WorkflowStandard',
    family: 'WS',
    capacity: 1,
    mostWorkers: 100,
    kind: 'elastic',
  },
  {
    pattern: /^Y1$/,
    tier: 'Dynamic',
    family: 'Y',
    usual: 'Y1',
    capacity: 0,
    mostWorkers: 200,
    kind: 'functionapp',
  },
  {
    pattern: /^FC1$/,
    tier: 'FlexConsumption',
    family: 'FC',
    capacity: 0,
    mostWorkers: 1000,
    kind: 'functionapp',
  },
]

export interface Sku {
  readonly name: string
  readonly tier: string
  readonly size: string
  readonly family: string
  readonly capacity: number
}

/** The sku of a plan: its size says all but how many workers. @throws Failure invalid */
export function readSku(given: Readonly<Record<string, unknown>> | undefined): Sku {
  const asked = String(given?.name ?? given?.tier ?? 'F1')
  const size = SIZES.find((one) => isNamed(one, asked))
  if (!size) {
    throw new Failure(
      'invalid',
      'BadRequest',
      `The parameter SKU.Name has an invalid value. Cannot find a SKU with name '${asked}'.`,
    )
  }
  const name = spelling(size, asked)
  return {
    name,
    tier: size.tier,
    size: name,
    family: size.family,
    capacity: readCapacity(given?.capacity, size),
  }
}

/** What the plan is called, by its size and its operating system. */
export function kindOf({ name }: Sku, linux: boolean, given: string | undefined): string {
  const usual = linux ? 'linux' : (given ?? 'app')
  return sizeOf(name)?.kind ?? usual
}

export function mostWorkersOf({ name }: Pick<Sku, 'name'>): number {
  return sizeOf(name)?.mostWorkers ?? 1
}

function sizeOf(name: string): Size | undefined {
  return SIZES.find((one) => isNamed(one, name))
}

function isNamed({ pattern, tier, usual }: Size, name: string): boolean {
  const isTier = usual !== undefined && tier.toLowerCase() === name.toLowerCase()
  return isTier || new RegExp(pattern, 'i').test(name)
}

/** `P1V3` is `P1v3`: the letters of the size are large, those of its generation small. */
function spelling({ pattern, usual }: Size, name: string): string {
  if (!new RegExp(pattern, 'i').test(name)) return usual ?? name
  return name.toUpperCase().replace(/M?V\d$/, (generation) => generation.toLowerCase())
}

function readCapacity(given: unknown, { capacity, mostWorkers }: Size): number {
  if (given === undefined || given === null) return capacity
  if (Number.isInteger(given) && Number(given) >= 0 && Number(given) <= mostWorkers) {
    return Number(given)
  }
  throw new Failure(
    'invalid',
    'BadRequest',
    `The parameter SKU.Capacity has an invalid value: it must be from ${capacity} to ${mostWorkers}.`,
  )
}
