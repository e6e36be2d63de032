/**
 * What has to be there before what: `dependsOn` in every way it can be written, the order inside
 * loops, and what references imply.
 */
import type { Wanted } from './environment.ts'
import { evaluateText } from './evaluate.ts'
import { invalidTemplate, within } from './invalid.ts'
import { realType } from './resource-names.ts'
import type { TemplateResource } from './resources.ts'
import { DEFERRED, isArray, member } from './value.ts'

/** Resources by everything they may be called. */
export type Names = ReadonlyMap<string, readonly TemplateResource[]>

export function namesOf(resources: readonly TemplateResource[]): Names {
  const names = new Map<string, TemplateResource[]>()
  for (const resource of resources) {
    for (const name of new Set(callNames(resource))) {
      const key = name.toLowerCase()
      names.set(key, [...(names.get(key) ?? []), resource])
    }
  }
  return names
}

function callNames({ id, type, name, symbolicName, turn }: TemplateResource): string[] {
  const at = id.toLowerCase().lastIndexOf('/providers/')
  const names = name.split('/')
  return [
    id,
    name,
    `${type}/${name}`,
    // `Microsoft.Network/virtualNetworks/v/subnets/s`
    ...(at < 0 ? [] : [id.slice(at + '/providers/'.length)]),
    `${realType(type, names)}/${names.at(-1)}`,
    ...(symbolicName === undefined ? [] : [symbolicName]),
    ...(symbolicName !== undefined && turn ? [`${symbolicName}[${turn.index}]`] : []),
    ...(turn ? [turn.loop] : []),
  ]
}

/** Keys of the resources that this one waits for by its own words. */
export function declaredDependencies(
  resource: TemplateResource,
  names: Names,
): ReadonlySet<string> {
  const declared = member(resource.source, 'dependsOn')
  const found = new Set<string>()
  for (const one of isArray(declared) ? declared : []) {
    if (one === null || one === '') continue
    const name = within(`The 'dependsOn' of the template resource '${resource.name}'`, () =>
      typeof one === 'string' ? evaluateText(one, resource.environment) : one,
    )
    if (name === DEFERRED || typeof name !== 'string') {
      throw invalidTemplate(
        `The 'dependsOn' of the template resource '${resource.name}' is not text`,
      )
    }
    const targets = names.get(name.toLowerCase()) ?? loopNamed(name, names)
    if (targets === undefined) {
      throw invalidTemplate(
        `The resource '${name}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details.`,
      )
    }
    for (const { resourceId } of targets) found.add(resourceId.key)
  }
  found.delete(resource.resourceId.key)
  return found
}

/** A loop of no turns is there all the same; an unknown name is not. */
function loopNamed(name: string, names: Names): readonly TemplateResource[] | undefined {
  return names.has(`loop:${name.toLowerCase()}`) ? [] : undefined
}

/** In a serial loop each batch waits for the one before it. */
export function batchBefore(resource: TemplateResource, names: Names): string[] {
  const { turn } = resource
  if (turn?.batchSize === undefined) return []
  const batch = (index: number) => Math.floor(index / (turn.batchSize ?? 1))
  return (names.get(turn.loop.toLowerCase()) ?? [])
    .filter((one) => one.turn && batch(one.turn.index) === batch(turn.index) - 1)
    .map(({ resourceId }) => resourceId.key)
}

/** What references imply: only what the template itself makes. */
export function impliedDependencies(
  resource: TemplateResource,
  wanted: readonly Wanted[],
  names: Names,
): { readonly key: string; readonly apiVersion: string }[] {
  return wanted.flatMap(({ id, apiVersion }) => {
    const key = id.toLowerCase()
    const isOwn = key === resource.resourceId.key
    return names.has(key) && !isOwn ? [{ key, apiVersion }] : []
  })
}

/** @throws Failure invalid `InvalidTemplate` naming a resource that waits for itself */
export function refuseCircles(
  resources: readonly TemplateResource[],
  waitsFor: (key: string) => Iterable<string>,
): void {
  const state = new Map<string, 'open' | 'done'>()
  const visit = (key: string): void => {
    if (state.get(key) === 'done') return
    if (state.get(key) === 'open') {
      const id = resources.find(({ resourceId }) => resourceId.key === key)?.id ?? key
      throw invalidTemplate(
        `Circular dependency detected on resource: '${id}'. Please see https://aka.ms/arm-syntax-resources for usage details.`,
      )
    }
    state.set(key, 'open')
    for (const other of waitsFor(key)) visit(other)
    state.set(key, 'done')
  }
  for (const { resourceId } of resources) visit(resourceId.key)
}

/** Each after all that it waits for; otherwise in the order of the template. */
export function inOrder<One extends { readonly key: string; readonly waitsFor: Iterable<string> }>(
  resources: readonly One[],
): One[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  const ordered = new Set<One>()
  const visited = new Set<One>()
  const visit = (resource: One): void => {
    if (visited.has(resource)) return
    visited.add(resource)
    for (const key of resource.waitsFor) {
      const other = byKey.get(key)
      if (other) visit(other)
    }
    ordered.add(resource)
  }
  for (const resource of resources) visit(resource)
  return [...ordered]
}
