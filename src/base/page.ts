/**
 * Paging: an opaque `$skiptoken` that carries the last key of the page before.
 *
 * Pages are cut by key, not by offset, so that a write between two pages neither repeats nor skips
 * an item that was there all along.
 */
import { Failure } from './failure.ts'

export interface Page<Item> {
  readonly items: readonly Item[]
  /** The key to continue after; undefined on the last page. */
  readonly next: string | undefined
}

export function encodeSkipToken(lastKey: string): string {
  return Buffer.from(lastKey, 'utf8').toString('base64url')
}

/** @throws Failure invalid `InvalidSkipToken` */
export function decodeSkipToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8')
  if (key === '' || encodeSkipToken(key) !== token.replace(/=+$/, '')) {
    throw new Failure('invalid', 'InvalidSkipToken', 'The $skiptoken is not valid.')
  }
  return key
}

/** All items of all pages, for lists that have none. */
export async function everyItem<Item>(
  pageAfter: (key: string | undefined) => Promise<Page<Item>>,
): Promise<Item[]> {
  const all: Item[] = []
  let next: string | undefined
  do {
    const page = await pageAfter(next)
    all.push(...page.items)
    next = page.next
  } while (next !== undefined)
  return all
}

/** Cuts a page from rows read with a limit of `size + 1`. */
export function pageOf<Item>(
  rows: readonly Item[],
  size: number,
  key: (item: Item) => string,
): Page<Item> {
  const items = rows.slice(0, size)
  const last = items.at(-1)
  return { items, next: rows.length > size && last !== undefined ? key(last) : undefined }
}
