/** What a disk of a kind and size does: the steps in which premium disks grow. */
interface Step {
  readonly tier: string
  readonly sizeGB: number
  readonly operations: number
  readonly megabytes: number
}

const PREMIUM: readonly Step[] = [
  step('P1', 4, 120, 25),
  step('P2', 8, 120, 25),
  step('P3', 16, 120, 25),
  step('P4', 32, 120, 25),
  step('P6', 64, 240, 50),
  step('P10', 128, 500, 100),
  step('P15', 256, 1100, 125),
  step('P20', 512, 2300, 150),
  step('P30', 1024, 5000, 200),
  step('P40', 2048, 7500, 250),
  step('P50', 4096, 7500, 250),
  step('P60', 8192, 16_000, 500),
  step('P70', 16_384, 18_000, 750),
  step('P80', 32_767, 20_000, 900),
]

function step(tier: string, sizeGB: number, operations: number, megabytes: number): Step {
  return { tier, sizeGB, operations, megabytes }
}

/** The members by which answers say it; `tier` is shown of premium disks alone. */
export function diskPerformance(kind: string, sizeGB: number): Record<string, unknown> {
  if (kind.startsWith('Premium_')) {
    const found = PREMIUM.find((one) => sizeGB <= one.sizeGB) ?? PREMIUM.at(-1)
    return {
      tier: found?.tier,
      diskIOPSReadWrite: found?.operations,
      diskMBpsReadWrite: found?.megabytes,
    }
  }
  return { diskIOPSReadWrite: 500, diskMBpsReadWrite: kind.startsWith('StandardSSD_') ? 100 : 60 }
}
