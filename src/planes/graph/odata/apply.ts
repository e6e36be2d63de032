/** Applies a query to documents: which of them, in which order, and how many on this page. */
import { encodeSkipToken } from '../../../base/page.ts'
import type { Query, Search } from './query.ts'
import { memberOf, normal } from './values.ts'

export type Document = Readonly<Record<string, unknown>>

export interface Applied<Item> {
  readonly page: readonly Item[]
  /** How many there are on all pages. */
  readonly total: number
  /** For the next page; undefined on the last. */
  readonly skipToken: string | undefined
}

/** Pages are cut by what they are ordered by, so that a write in between shifts none. */
export function applyQuery<Item extends Document>(
  documents: readonly Item[],
  query: Pick<Query, 'filter' | 'search' | 'order' | 'top' | 'after'>,
): Applied<Item> {
  const { filter, search, order, top, after } = query
  const wanted = documents.filter(
    (document) => (filter?.matches(document) ?? true) && (!search || isFound(document, search)),
  )
  const keyed = wanted.map((document) => ({ document, key: keyOf(document, query.order) }))
  const compare = (a: readonly string[], b: readonly string[]) => compareKeys(a, b, order)
  keyed.sort((a, b) => compare(a.key, b.key))
  const left = after === undefined ? keyed : keyed.filter(({ key }) => compare(key, after) > 0)
  const page = left.slice(0, top)
  const last = page.at(-1)
  return {
    page: page.map(({ document }) => document),
    total: wanted.length,
    skipToken:
      left.length > top && last !== undefined
        ? encodeSkipToken(JSON.stringify(last.key))
        : undefined,
  }
}

/** What it is ordered by, and its id in the end, so that no two have the same. */
function keyOf(document: Document, order: Query['order']): string[] {
  return [...order.map(({ property }) => normal(document[property]) ?? ''), String(document.id)]
}

function compareKeys(a: readonly string[], b: readonly string[], order: Query['order']): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? ''
    if (value === other) continue
    return value < other === (order[at]?.descending ?? false) ? 1 : -1
  }
  return 0
}

function isFound(document: Document, search: Search): boolean {
  return search.some((clauses) =>
    clauses.every(({ property, words }) => wordsBegin(memberOf(document, property), words)),
  )
}

/** The text is searched word by word: each word asked begins one of its own. */
function wordsBegin(value: unknown, asked: string): boolean {
  const own = (normal(value) ?? '').split(/[\s\-_.@]+/)
  return asked
    .split(/[\s\-_.@]+/)
    .filter((word) => word !== '')
    .every((word) => own.some((mine) => mine.startsWith(word)))
}
