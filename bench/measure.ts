/** What a measure is, and how several rounds become one figure. */

/** The keys of `--json`. */
export type FigureName =
  | 'imds_cached_ratio'
  | 'mint_ratio'
  | 'secret_get_ratio'
  | 'arm_put_per_cpu_s'
  | 'rbac_checks_per_cpu_s'
  | 'start_ms'
  | 'rss_mb'
  | 'vms_100_start_s'
  | 'mb_per_vm'

export interface Measured {
  readonly figures: Readonly<Partial<Record<FigureName, number>>>
  /** What else was seen, for people: shown under the figures. */
  readonly facts: readonly string[]
}

/** One file of this folder measures one thing, or two that come out of the same run. */
export interface Measure {
  readonly names: readonly FigureName[]
  /** Throws when it cannot be measured here, with the reason. */
  measure(): Promise<Measured>
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/**
 * Rounds of the one and the other in turn, so that both see the same weather; the first of each is
 * for warming up and does not count.
 */
export async function interleaved<One, Other>(
  rounds: number,
  one: () => Promise<One>,
  other: () => Promise<Other>,
): Promise<{ readonly one: One; readonly other: Other }[]> {
  const pairs: { one: One; other: Other }[] = []
  for (let round = 0; round <= rounds; round++)
    pairs.push({ one: await one(), other: await other() })
  return pairs.slice(1)
}
