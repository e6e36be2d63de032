/**
 * JSON merge patch (RFC 7396): null removes, objects merge, anything else replaces.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === undefined) return target
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else if (value !== undefined) merged[name] = mergePatch(merged[name], value)
  }
  return merged
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
