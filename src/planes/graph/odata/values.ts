/** How values of documents are reached and compared: as texts without case, as in the directory. */

/** The member of that name, of its own; undefined of what has none. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Values compare as texts without case; what is not set is null. */
export function normal(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value).toLowerCase()
}

/** Times as times, numbers as numbers, texts as texts; undefined where nothing is set. */
export function signOf(value: unknown, wanted: unknown): number | undefined {
  if (value === null || value === undefined || wanted === null) return undefined
  const times = [Date.parse(String(value)), Date.parse(String(wanted))] as const
  const [a, b] = times.some(Number.isNaN) ? [normal(value), normal(wanted)] : times
  if (a === null || b === null) return undefined
  return a < b ? -1 : a > b ? 1 : 0
}
