/**
 * What differs between two documents of a resource, told as what-if tells it: by paths, lists by
 * the places of their items.
 */
import {
  isArray,
  isEqual,
  isObject,
  type Json,
  type JsonObject,
} from '../../core/templates/value.ts'

export interface PropertyChange {
  readonly path: string
  readonly propertyChangeType: 'Create' | 'Delete' | 'Modify' | 'Array'
  readonly before: Json
  readonly after: Json
  readonly children: readonly PropertyChange[] | null
}

/** What Resource Manager says of every resource, and no template changes. */
const OF_THE_SERVER: ReadonlySet<string> = new Set(['etag', 'provisioningstate', 'systemdata'])

/** The document without what only the server says, at any depth. */
export function comparable(value: Json): Json {
  if (isArray(value)) return value.map(comparable)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OF_THE_SERVER.has(name.toLowerCase()))
      .map(([name, item]) => [name, comparable(item)]),
  )
}

/** Sorted by path. */
export function differences(before: JsonObject, after: JsonObject): PropertyChange[] {
  return inObject(before, after, '').sort((a, b) => (a.path < b.path ? -1 : 1))
}

function inObject(before: JsonObject, after: JsonObject, stem: string): PropertyChange[] {
  const was = byName(before)
  const is = byName(after)
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [oldName, old = null] = was.get(key) ?? []
    const [newName, now = null] = is.get(key) ?? []
    const name = oldName ?? newName ?? key
    return between(old, now, stem === '' ? name : `${stem}.${name}`)
  })
}

function byName(object: JsonObject): Map<string, [string, Json]> {
  return new Map(Object.entries(object).map((entry) => [entry[0].toLowerCase(), entry]))
}

function between(before: Json, after: Json, path: string): PropertyChange[] {
  if (isObject(before) && isObject(after)) return inObject(before, after, path)
  if (isArray(before) && isArray(after)) {
    const children = inList(before, after)
    if (children.length === 0) return []
    return [{ path, propertyChangeType: 'Array', before, after, children }]
  }
  if (isSame(before, after)) return []
  const propertyChangeType = isNothing(before) ? 'Create' : isNothing(after) ? 'Delete' : 'Modify'
  return [{ path, propertyChangeType, before, after, children: null }]
}

/** Items that are on both sides have not changed, wherever they stand; the others are paired. */
function inList(before: readonly Json[], after: readonly Json[]): PropertyChange[] {
  const gone = [...before.entries()]
  const come = [...after.entries()].filter(([, item]) => {
    const at = gone.findIndex(([, old]) => isSame(old, item))
    if (at >= 0) gone.splice(at, 1)
    return at < 0
  })
  const changes: PropertyChange[] = []
  for (const [place, item] of come) {
    const at = gone.findIndex(([, old]) => isSameThing(old, item))
    const [old] = at < 0 ? [] : gone.splice(at, 1)
    const path = String(old?.[0] ?? place)
    if (old === undefined) {
      changes.push({
        path,
        propertyChangeType: 'Create',
        before: null,
        after: item,
        children: null,
      })
    } else if (isObject(old[1]) && isObject(item)) {
      const children = differences(old[1], item)
      changes.push({ path, propertyChangeType: 'Modify', before: old[1], after: item, children })
    }
  }
  for (const [place, old] of gone) {
    const path = String(place)
    changes.push({ path, propertyChangeType: 'Delete', before: old, after: null, children: null })
  }
  return changes.sort((a, b) => Number(a.path) - Number(b.path))
}

/** Items of a list are told apart by their name, or by their id. */
function isSameThing(left: Json, right: Json): boolean {
  if (!isObject(left) || !isObject(right)) return false
  return ['name', 'id', 'lun'].some((key) => {
    const value = left[key]
    return value !== undefined && right[key] !== undefined && isSame(value, right[key] ?? null)
  })
}

function isSame(before: Json, after: Json): boolean {
  if (isNothing(before) && isNothing(after)) return true
  if (typeof before === 'string' && typeof after === 'string') {
    return before === after || (isId(before) && before.toLowerCase() === after.toLowerCase())
  }
  if (isObject(before) && isObject(after)) return inObject(before, after, '').length === 0
  if (isArray(before) && isArray(after)) return inList(before, after).length === 0
  return isEqual(before, after)
}

/** Resource ids are compared without regard to case. */
function isId(text: string): boolean {
  return text.startsWith('/')
}

/** What is not there, is null or is empty says the same. */
function isNothing(value: Json): boolean {
  if (value === null) return true
  if (isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

/** The part of a document that another one names: what a template leaves out stays as it is. */
export function named(document: Json, by: Json): Json {
  if (isArray(document) && isArray(by)) {
    return document.map((item, at) => named(item, by[at] ?? item))
  }
  if (!isObject(document) || !isObject(by)) return document
  const names = new Set(Object.keys(by).map((name) => name.toLowerCase()))
  const wanted = byName(by)
  return Object.fromEntries(
    Object.entries(document)
      .filter(([name]) => names.has(name.toLowerCase()))
      .map(([name, item]) => [name, named(item, wanted.get(name.toLowerCase())?.[1] ?? item)]),
  )
}
