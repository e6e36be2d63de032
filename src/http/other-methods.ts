/**
 * Whether a plane has a path, but for other methods. The router keeps a tree for each method and
 * cannot tell; a route of its own for every method that is refused would double the routes and the
 * memory they take. So addresses are read here as the router reads them, by patterns that are made
 * when something is first not found.
 */
import type { Method, Route } from './route.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'PATCH', 'POST', 'DELETE'])

/** Tells of a request for which there is no route whether its path has routes for other methods. */
export function otherMethods(routes: readonly Route[]): (method: string, path: string) => boolean {
  let patterns: ReadonlyMap<Method, RegExp> | undefined
  return (method, path) => {
    const address = normalized(path)
    if (!METHODS.has(method) || address === undefined) return false
    patterns ??= patternsOf(routes)
    const found = [...patterns].filter(([, pattern]) => pattern.test(address))
    // Of its own method, the router has refused it for another reason, such as its length.
    return found.length > 0 && found.every(([one]) => one !== method)
  }
}

function patternsOf(routes: readonly Route[]): Map<Method, RegExp> {
  const patterns = new Map<Method, RegExp>()
  for (const method of new Set(routes.map((route) => route.method))) {
    const paths = routes.filter((route) => route.method === method).map(({ path }) => path)
    patterns.set(method, new RegExp(`^(?:${paths.map(patternOf).join('|')})$`, 'i'))
  }
  return patterns
}

/** `/users/:id` as `/users/[^/]+`; a star is all that follows. */
function patternOf(path: string): string {
  return path
    .replaceAll(/[.$()+?[\]\\^{|}]/g, '\\$&')
    .replaceAll(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*')
}

/** One slash for several, none at the end, and no escapes; undefined where they mean nothing. */
function normalized(path: string): string | undefined {
  try {
    return decodeURI(path)
      .replaceAll(/\/{2,}/g, '/')
      .replace(/(?<=.)\/$/, '')
  } catch {
    return undefined
  }
}
