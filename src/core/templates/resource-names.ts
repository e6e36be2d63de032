/** From a type and a name, as templates have them, to a resource id. */
import { ExpressionError } from './invalid.ts'

/**
 * `Microsoft.A/b/c` with `x`, `y` is `{scope}/providers/Microsoft.A/b/x/c/y`. The older way to write
 * an extension, `Microsoft.A/b/providers/c` with `x`, `Microsoft.D`, `y`, is understood too.
 * @throws ExpressionError when there are not as many names as the type has segments
 */
export function scopedId(scope: string, type: string, names: readonly string[]): string {
  const [namespace, ...segments] = type.split('/')
  if (segments.length !== names.length) throw wrongSegments(names.join('/'), type)
  const stem = scope === '/' ? '' : scope.replace(/\/$/, '')
  if (type.toLowerCase() === 'microsoft.resources/resourcegroups') {
    return `${stem}/resourceGroups/${names[0]}`
  }
  const path = segments.flatMap((segment, at) => [segment, names[at]])
  return `${stem}/providers/${namespace}/${path.join('/')}`
}

export function wrongSegments(name: string, type: string): ExpressionError {
  return new ExpressionError(
    `The template resource '${name}' for type '${type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name. Please see https://aka.ms/arm-syntax-resources for usage details.`,
  )
}

/**
 * The type of the resource that the id names: of an extension, its own.
 * `Microsoft.A/b/providers/c` with the name `x/Microsoft.D/y` is a `Microsoft.D/c`.
 */
export function realType(type: string, names: readonly string[]): string {
  const segments = type.split('/')
  const at = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers')
  if (at < 0) return type
  return [names[at - 1] ?? '', ...segments.slice(at + 1)].join('/')
}
