/**
 * Secrets and keys differ in what they hold, not in how they are filed: a name has versions, the
 * newest stands for the name, and a deleted name hides them all until it is recovered or purged.
 * A `Collection` is what that filing needs to know of each: its table and its words.
 */
import { type Compilable, sql } from 'kysely'
import { Failure } from '../../base/failure.ts'
import { type Query, type Statement, statement } from '../../store/statement.ts'
import type { KeysTable, SecretsTable } from '../../store/tables.ts'
import type { Vault } from './vault.ts'

export type CollectionName = 'secrets' | 'keys'

/** Which object: its newest version unless one is named. */
export interface ObjectName {
  readonly vault: Vault
  readonly name: string
  readonly version?: string | undefined
}

/** The columns that say where a version is filed. */
export interface FiledAs {
  readonly vault_key: string
  readonly name_key: string
  readonly name: string
  readonly version: string
  /** Orders the versions of a name. */
  readonly sequence: number
}

/** When a name was deleted, and when it will be gone for good. */
export interface Deletion {
  readonly deleted_at: number
  readonly purge_at: number
}

interface At {
  vault: string
  name: string
}

interface From {
  vault: string
  after: string
  limit: number
}

export interface Collection<Row extends FiledAs> {
  readonly name: CollectionName
  readonly newest: Statement<At, Row>
  readonly version: Statement<At & { version: string }, Row>
  readonly page: Statement<From, Row>
  readonly versions: Statement<At & { after: number; limit: number }, Row>
  readonly deleted: Statement<At, Row & Deletion>
  readonly deletedPage: Statement<From, Row & Deletion>
}

export const SECRETS: Collection<SecretsTable> = open('secrets')
export const KEYS: Collection<KeysTable> = open('keys')

function open<Row extends FiledAs>(name: CollectionName): Collection<Row> {
  const rows = <Extra>(compiled: Compilable<unknown>) => compiled as Compilable<Row & Extra>
  return {
    name,
    newest: statement((query, param) =>
      rows(live(query, name, param('vault')).where('name_key', '=', param('name')).limit(ONE)),
    ),
    version: statement((query, param) =>
      rows(
        live(query, name, param('vault'))
          .where('name_key', '=', param('name'))
          .where('version', '=', param('version')),
      ),
    ),
    page: statement((query, param) =>
      rows(
        live(query, name, param('vault'))
          .where('name_key', '>', param('after'))
          .where('sequence', '=', newestSequence(query, name))
          .clearOrderBy()
          .orderBy('name_key')
          .limit(param('limit')),
      ),
    ),
    versions: statement((query, param) =>
      rows(
        live(query, name, param('vault'))
          .where('name_key', '=', param('name'))
          .where('sequence', '>', param('after'))
          .clearOrderBy()
          .orderBy('sequence')
          .limit(param('limit')),
      ),
    ),
    deleted: statement((query, param) =>
      rows<Deletion>(gone(query, name, param('vault')).where('o.name_key', '=', param('name'))),
    ),
    deletedPage: statement((query, param) =>
      rows<Deletion>(
        gone(query, name, param('vault'))
          .where('o.name_key', '>', param('after'))
          .orderBy('o.name_key')
          .limit(param('limit')),
      ),
    ),
  }
}

/** In the text: SQLite plans a statement anew each time a value is bound to its LIMIT. */
const ONE = sql.lit(1)

/** Versions of names that are not deleted, newest first. */
function live(query: Query, name: CollectionName, vault: string) {
  return query
    .selectFrom(tableOf(name))
    .selectAll()
    .where('o.vault_key', '=', vault)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deleted_vault_objects as d')
            .select('d.name_key')
            .where('d.vault_key', '=', vault)
            .where('d.collection', '=', name)
            .whereRef('d.name_key', '=', 'o.name_key'),
        ),
      ),
    )
    .orderBy('sequence', 'desc')
}

/** The newest version of each deleted name. */
function gone(query: Query, name: CollectionName, vault: string) {
  return query
    .selectFrom(tableOf(name))
    .innerJoin('deleted_vault_objects as d', (join) =>
      join
        .onRef('d.vault_key', '=', 'o.vault_key')
        .onRef('d.name_key', '=', 'o.name_key')
        .on('d.collection', '=', name),
    )
    .selectAll('o')
    .select(['d.deleted_at', 'd.purge_at'])
    .where('o.vault_key', '=', vault)
    .where('o.sequence', '=', newestSequence(query, name))
}

function newestSequence(query: Query, name: CollectionName) {
  return query
    .selectFrom(`${tableOf(name).split(' ')[0] as 'secrets'} as newer`)
    .select(({ fn }) => fn.max('newer.sequence').as('sequence'))
    .whereRef('newer.vault_key', '=', 'o.vault_key' as 'newer.vault_key')
    .whereRef('newer.name_key', '=', 'o.name_key' as 'newer.name_key')
}

/** Both tables have the columns used here; the compiler is told of the one. */
function tableOf(name: CollectionName): 'secrets as o' {
  return `${name} as o` as 'secrets as o'
}

/** How errors speak of an object of each collection. */
const WORDS: Readonly<
  Record<CollectionName, { noun: string; title: string; missing: string; disabled: string }>
> = {
  secrets: {
    noun: 'secret',
    title: 'Secret',
    missing: 'SecretNotFound',
    disabled: 'SecretDisabled',
  },
  keys: { noun: 'key', title: 'Key', missing: 'KeyNotFound', disabled: 'KeyDisabled' },
}

export function notFound(collection: CollectionName, of: ObjectName): Failure {
  const { noun, missing } = WORDS[collection]
  const id = of.version === undefined ? of.name : `${of.name}/${of.version}`
  return new Failure(
    'missing',
    missing,
    `A ${noun} with (name/id) ${id} was not found in this key vault. If you recently deleted this ` +
      `${noun} you may be able to recover it using the correct recovery command. For help ` +
      'resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182',
  )
}

export function deletedNotFound(collection: CollectionName, name: string): Failure {
  const { title, missing } = WORDS[collection]
  return new Failure('missing', missing, `Deleted ${title} not found: ${name}`)
}

export function deletedButRecoverable(collection: CollectionName, name: string): Failure {
  const { noun, title } = WORDS[collection]
  return new Failure(
    'conflict',
    'Conflict',
    `${title} ${name} is currently in a deleted but recoverable state, and its name cannot be ` +
      `reused; in this state, the ${noun} can only be recovered or purged.`,
    { inner: 'ObjectIsDeletedButRecoverable' },
  )
}

export function notAllowedWhenDisabled(collection: CollectionName, operation: string): Failure {
  const { noun, disabled } = WORDS[collection]
  return new Failure(
    'forbidden',
    'Forbidden',
    `Operation ${operation} is not allowed on a disabled ${noun}.`,
    { inner: disabled },
  )
}
