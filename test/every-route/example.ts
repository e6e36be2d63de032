/**
 * An example: one request that the program understands when the right principal sends it. The walk
 * sends it as it is, as the wrong ones, and spoilt.
 */
import type { Guard, Method, Plane, Route } from '../../src/http/route.ts'

export interface Example {
  readonly plane: Plane
  /** The route it goes to; all types of Resource Manager share a few. */
  readonly route: Route
  readonly guard: Guard
  /** `vault GET /secrets/:name`, `arm PUT Microsoft.Compute/virtualMachines of a group`: unique. */
  readonly label: string
  readonly method: Method
  /** The segments that can be spoilt are in braces: `/secrets/{walked}`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** An object goes as JSON, or as a form where the plane reads forms. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
  /** Sent before the walk begins, so that there is something to ask for. */
  readonly isSeed?: boolean
}

/** The path as it is sent, with something in place of the variable segment at this index. */
export function pathOf(example: Example, spoilt?: { at: number; segment: string }): string {
  let at = -1
  return example.path.replace(/\{([^}]*)\}/g, (_braced, segment: string) => {
    at++
    return at === spoilt?.at ? spoilt.segment : segment
  })
}

export function variableSegments(example: Example): number {
  return example.path.match(/\{/g)?.length ?? 0
}

export function queryOf(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString()
  return text === '' ? '' : `?${text}`
}

/** Made before used, used before removed; what is inside something before that. */
export function inOrderOfLife(examples: readonly Example[]): Example[] {
  const rank = ['PUT', 'GET', 'HEAD', 'POST', 'PATCH']
  const removals = examples.filter(({ method }) => method === 'DELETE')
  const isOfResource = ({ plane }: Example) => plane.name === 'arm'
  return [
    ...examples
      .filter(({ method }) => method !== 'DELETE')
      .toSorted((a, b) => rank.indexOf(a.method) - rank.indexOf(b.method)),
    ...removals.filter((one) => !isOfResource(one)),
    ...removals.filter(isOfResource).toReversed(),
  ]
}
