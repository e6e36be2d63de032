/**
 * The query options of a request, read once: `$filter $select $expand $orderby $search $top $count
 * $skiptoken`. Some need an advanced query, which a request asks for with the header
 * `ConsistencyLevel: eventual`; those are refused without it, as Graph refuses them.
 */
import { Failure } from '../../../base/failure.ts'
import { decodeSkipToken } from '../../../base/page.ts'
import type { Arrival } from '../../../http/route.ts'
import {
  type Filter,
  type Filtered,
  propertyNamed,
  readFilter,
  unsupportedClause,
} from './filter.ts'

export interface Order {
  readonly property: string
  readonly descending: boolean
}

export interface Query {
  readonly filter: Filter | undefined
  /** Undefined selects all that is shown by default. */
  readonly select: readonly string[] | undefined
  readonly expand: readonly string[]
  readonly order: readonly Order[]
  readonly search: Search | undefined
  readonly count: boolean
  /** Items a page. */
  readonly top: number
  /** Where the page before ended. */
  readonly after: readonly string[] | undefined
}

/** Any of the lists, all of its words. */
export type Search = readonly (readonly SearchWord[])[]

export interface SearchWord {
  readonly property: string
  /** Lower case. */
  readonly words: string
}

const PAGE_ITEMS = 100
const MOST_ITEMS_A_PAGE = 999
const LONGEST_SEARCH_CHARS = 1000
const OPTIONS: ReadonlySet<string> = new Set(
  'filter select expand orderby search top count skiptoken format'.split(' '),
)

/** @throws Failure invalid `BadRequest`, `Request_UnsupportedQuery`, `InvalidSkipToken` */
export function readQuery(arrival: Arrival, filtered: Filtered, pageItems = PAGE_ITEMS): Query {
  refuseUnknown(arrival)
  const { query } = arrival
  const eventual = isEventual(arrival)
  const filter = query.$filter === undefined ? undefined : readFilter(query.$filter, filtered)
  const order = readOrder(query.$orderby, filtered)
  const count = readCount(query.$count)
  if (!eventual) {
    if (filter?.advanced !== undefined) throw unsupportedClause(filter.advanced, filtered.title)
    if (query.$search !== undefined) throw needsHeader('$search')
    if (filter && order.length > 0) throw unsupported('Sorting not supported for current query.')
  } else if (filter?.advanced !== undefined && !count) {
    throw unsupportedClause(filter.advanced, filtered.title)
  }
  return {
    filter,
    select: namesOf(query.$select)?.map((name) => selected(filtered, name)),
    expand: namesOf(query.$expand?.replaceAll(/\([^)]*\)/g, '')) ?? [],
    order,
    search: query.$search === undefined ? undefined : readSearch(query.$search, filtered),
    // Without the header Graph does not count, and does not say so.
    count: count && eventual,
    top: readTop(query.$top, pageItems),
    after: query.$skiptoken === undefined ? undefined : readSkipToken(query.$skiptoken, order),
  }
}

/** Whether the request may ask an advanced query. */
export function isEventual({ headers }: Arrival): boolean {
  return String(headers.consistencylevel ?? '').toLowerCase() === 'eventual'
}

export function needsHeader(option: string): Failure {
  return unsupported(
    `Request with ${option} query parameter only works through MSGraph with a special request ` +
      "header: 'ConsistencyLevel: eventual'",
  )
}

function refuseUnknown({ query }: Arrival): void {
  const unknown = Object.keys(query).find(
    (name) => name.startsWith('$') && !OPTIONS.has(name.slice(1)),
  )
  if (unknown === undefined) return
  throw new Failure(
    'invalid',
    'BadRequest',
    `The query parameter '${unknown.slice(0, 100)}' is not supported.`,
  )
}

/** `id` and annotations can be selected of everything. */
function selected(filtered: Filtered, name: string): string {
  return name.toLowerCase() === 'id' ? 'id' : propertyNamed(filtered, name)
}

function readOrder(text: string | undefined, filtered: Filtered): Order[] {
  return (namesOf(text) ?? []).map((clause) => {
    const [name = '', direction = 'asc', more] = clause.split(/\s+/)
    if (more !== undefined || !/^(asc|desc)$/i.test(direction)) {
      throw new Failure(
        'invalid',
        'BadRequest',
        `Invalid orderby clause: '${clause.slice(0, 100)}'.`,
      )
    }
    return {
      property: propertyNamed(filtered, name),
      descending: direction.toLowerCase() === 'desc',
    }
  })
}

function readCount(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw new Failure(
    'invalid',
    'BadRequest',
    'Invalid value specified for the $count query parameter: it must be true or false.',
  )
}

function readTop(text: string | undefined, pageItems: number): number {
  if (text === undefined) return pageItems
  const top = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (top >= 1 && top <= MOST_ITEMS_A_PAGE) return top
  throw unsupported(
    `Invalid page size specified: '${text.slice(0, 20)}'. Must be between 1 and ${MOST_ITEMS_A_PAGE} inclusive.`,
  )
}

/** `"displayName:vm" OR "appId:…"`, clauses in quotes, `AND` before `OR`. */
function readSearch(text: string, filtered: Filtered): Search {
  if (text.length > LONGEST_SEARCH_CHARS) throw badSearch()
  const alternatives: SearchWord[][] = [[]]
  let rest = text.trim()
  for (;;) {
    const clause = /^"(\w+):([^"]+)"\s*/.exec(rest)
    if (clause === null) throw badSearch()
    const property = propertyNamed(filtered, clause[1] ?? '')
    alternatives.at(-1)?.push({ property, words: (clause[2] ?? '').trim().toLowerCase() })
    rest = rest.slice(clause[0].length)
    if (rest === '') return alternatives
    const join = /^(AND|OR)\s+/.exec(rest)
    if (join === null) throw badSearch()
    if (join[1] === 'OR') alternatives.push([])
    rest = rest.slice(join[0].length)
  }
}

function badSearch(): Failure {
  return new Failure(
    'invalid',
    'BadRequest',
    'The $search query parameter must hold clauses of the form "property:text".',
  )
}

function readSkipToken(token: string, order: readonly Order[]): string[] {
  const key = decodeSkipToken(token)
  try {
    const values: unknown = JSON.parse(key)
    const isOurs =
      Array.isArray(values) &&
      values.length === order.length + 1 &&
      values.every((value) => typeof value === 'string')
    if (isOurs) return values
  } catch {
    // Not ours either.
  }
  throw new Failure('invalid', 'InvalidSkipToken', 'The $skiptoken is not valid.')
}

function namesOf(text: string | undefined): string[] | undefined {
  const names = text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names === undefined || names.length === 0 ? undefined : names
}

function unsupported(message: string): Failure {
  return new Failure('invalid', 'Request_UnsupportedQuery', message)
}
