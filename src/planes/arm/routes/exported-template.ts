/**
 * The text of an exported template: names become parameters, ids of what is exported become
 * `resourceId(…)` and dependencies, and texts that would be read as expressions are escaped.
 */
import { mapTexts } from '../../../base/json.ts'
import type { ResourceId } from '../../../base/resource-id.ts'

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'

/** What is exported of a resource, its references still plain ids. */
export interface Exported {
  readonly id: ResourceId
  readonly type: string
  readonly apiVersion: string
  readonly members: Readonly<Record<string, unknown>>
}

/** @param isLiteral whether names stand in the template as they are, and nothing is a parameter */
export function exportedTemplate(exported: readonly Exported[], isLiteral: boolean): object {
  const byKey = new Map(exported.map((one) => [one.id.key, one]))
  const parameters = new Map<string, string>()
  /** A name as it stands inside an expression. */
  const named = (one: Exported, at: number): string => {
    const name = one.id.names[at] ?? ''
    if (isLiteral || at > 0) return quoted(name)
    const parameter = parameterOf(one.type, name)
    parameters.set(parameter, name)
    return `parameters(${quoted(parameter)})`
  }
  const idOf = (one: Exported): string =>
    `resourceId(${[quoted(one.type), ...one.id.names.map((_, at) => named(one, at))].join(', ')})`
  const resources = exported.map((one) => {
    const needs = new Map<string, string>()
    const refer = (text: string): string => {
      const found = longestAbove(text, byKey)
      if (!found) return text.startsWith('[') ? `[${text}` : text
      const { target, rest } = found
      if (!isWithin(target.id, one.id)) needs.set(target.id.key, `[${idOf(target)}]`)
      return rest === '' ? `[${idOf(target)}]` : `[concat(${idOf(target)}, ${quoted(rest)})]`
    }
    // Members are named by ids where identities are listed.
    const members = mapTexts(one.members, refer, (name) =>
      name.startsWith('/') ? refer(name) : name,
    )
    const parent = byKey.get(one.id.parent?.key ?? '')
    if (parent) needs.set(parent.id.key, `[${idOf(parent)}]`)
    return {
      type: one.type,
      apiVersion: one.apiVersion,
      name: nameOf(one, named, isLiteral),
      ...(needs.size > 0 && { dependsOn: [...needs.values()] }),
      ...members,
    }
  })
  return {
    $schema: SCHEMA,
    contentVersion: '1.0.0.0',
    parameters: Object.fromEntries(
      [...parameters].map(([name, defaultValue]) => [name, { defaultValue, type: 'String' }]),
    ),
    variables: {},
    resources,
  }
}

function nameOf(
  one: Exported,
  named: (one: Exported, at: number) => string,
  isLiteral: boolean,
): string {
  const { names } = one.id
  if (isLiteral) return names.join('/')
  if (names.length === 1) return `[${named(one, 0)}]`
  return `[concat(${named(one, 0)}, ${quoted(`/${names.slice(1).join('/')}`)})]`
}

/** `virtualMachines_vm1_name`, as Resource Manager calls the parameter of a name. */
function parameterOf(type: string, name: string): string {
  const [, outermost = ''] = type.split('/')
  return `${outermost}_${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}_name`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** What the text is the id of, or of a part of; the rest is the part, as written. */
function longestAbove(
  text: string,
  byKey: ReadonlyMap<string, Exported>,
): { target: Exported; rest: string } | undefined {
  if (!text.startsWith('/')) return undefined
  const key = text.toLowerCase()
  for (let end = key.length; end > 0; end = key.lastIndexOf('/', end - 1)) {
    const target = byKey.get(key.slice(0, end))
    if (target) return { target, rest: text.slice(end) }
  }
  return undefined
}

function isWithin(id: ResourceId, outer: ResourceId): boolean {
  return id.key === outer.key || id.key.startsWith(`${outer.key}/`)
}
