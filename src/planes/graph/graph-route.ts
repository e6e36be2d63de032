/**
 * What all routes of Graph share: the guard by permission, the version in front of the path, the
 * body, and how one object and a page of many are answered.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { TENANT } from '../../base/resource-id.ts'
import { record } from '../../core/audit/audit.ts'
import type { Call } from '../../core/call.ts'
import type { GraphPermission } from '../../core/directory/microsoft-graph.ts'
import { type Transaction, transaction } from '../../core/transaction.ts'
import {
  type Arrival,
  type Guard,
  type Method,
  type Part,
  type Reply,
  type Route,
  route,
} from '../../http/route.ts'
import { applyQuery, type Document } from './odata/apply.ts'
import type { Filtered } from './odata/filter.ts'
import { type Query, readQuery } from './odata/query.ts'

/** A request to Graph, read. */
export interface Asked<Body> {
  /** The path's named parts. */
  readonly params: Readonly<Record<string, string>>
  readonly body: Body
  readonly arrival: Arrival
  readonly version: 'v1.0' | 'beta'
  /** Sends a part of a batch by the door that it would have come by alone. */
  readonly ask: (part: Part) => Promise<Reply>
}

interface Declared<Body> {
  readonly method: Method
  /** Without the version in front. */
  readonly path: string
  /**
   * The least permission that opens it; `signed-in` for what anybody may ask of themselves, and
   * `by what it is about` where only the answer can tell which permission that is.
   */
  readonly permission: GraphPermission | 'signed-in' | 'by what it is about'
  readonly body?: z.ZodType<Body>
  answer(call: Call, asked: Asked<Body>): Promise<Reply>
}

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'
const VERSIONS: ReadonlySet<string> = new Set(['v1.0', 'beta'])

/** Most routes have no body: they share what reads them. */
const BODILESS = inputWith(z.unknown().transform(() => undefined))

function inputWith<Body>(body: z.ZodType<Body>) {
  return z.object({
    params: z.record(z.string(), z.string()),
    body: z.preprocess(withoutTypes, body) as z.ZodType<Body>,
  })
}

/** Declares a route of Graph. */
export function graphRoute<Body = undefined>(declared: Declared<Body>): Route {
  return route({
    method: declared.method,
    path: `/:version${declared.path}`,
    guard: guardOf(declared.permission),
    input: declared.body
      ? inputWith(declared.body)
      : (BODILESS as ReturnType<typeof inputWith<Body>>),
    answer(call, { params, body }, arrival, ask) {
      const { version = '' } = params
      if (!VERSIONS.has(version)) throw invalidVersion(version)
      return declared.answer(call, { params, body, arrival, version: version as 'v1.0', ask })
    },
  })
}

/** Clients may say of which type an object is; here every place has one type, and they are right. */
function withoutTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTypes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.endsWith('@odata.type'))
      .map(([name, member]) => [name, withoutTypes(member)]),
  )
}

function guardOf(permission: Declared<unknown>['permission']): Guard {
  if (permission === 'signed-in' || permission === 'by what it is about') {
    return { kind: 'principal' }
  }
  return { kind: 'action', action: permission, scope: async () => TENANT }
}

/** Changes the directory, and keeps in the audit that it was changed. */
export function changing<Result>(
  call: Call,
  what: { readonly action: string; readonly scope: string },
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return transaction(call, async (tx) => {
    const result = await work(tx)
    await record(tx, { ...what, outcome: 'done' })
    return result
  })
}

export const NO_CONTENT: Reply = { status: 204 }

/** @param facts.context what follows `$metadata#`: `servicePrincipals/$entity` */
export function answerOne(
  call: Call,
  { version }: Pick<Asked<unknown>, 'version'>,
  document: Document,
  facts: { readonly context: string; readonly status?: number },
): Reply {
  return json(facts.status ?? 200, {
    '@odata.context': contextUrl(call, version, facts.context),
    ...document,
  })
}

/** The members of a document that are selected, or shown when nothing is. */
export function select(document: Document, names: readonly string[] | undefined): Document {
  if (names === undefined) return document
  const annotations = Object.keys(document).filter((name) => name.startsWith('@'))
  return Object.fromEntries(
    [...annotations, ...names]
      .filter((name) => name in document)
      .map((name) => [name, document[name]]),
  )
}

export interface Collection {
  /** What follows `$metadata#`. */
  readonly context: string
  readonly filtered: Filtered
  readonly shown?: readonly string[] | undefined
  /** Items of a page where the request does not say; otherwise as Graph has it. */
  readonly most?: number
  /** Adds to the documents of a page what lists of all do without. */
  complete?(documents: readonly Document[], query: Query): Promise<readonly Document[]>
}

/** A page of the documents that the query asks for. */
export async function answerMany(
  call: Call,
  asked: Pick<Asked<unknown>, 'arrival' | 'version'>,
  documents: readonly Document[],
  { context, filtered, shown, most, complete }: Collection,
): Promise<Reply> {
  const query = readQuery(asked.arrival, filtered, most)
  const { page, total, skipToken } = applyQuery(documents, query)
  const value = (complete ? await complete(page, query) : page).map((document) =>
    select(
      document,
      query.select ? [...query.select, ...query.expand] : shown && [...shown, ...query.expand],
    ),
  )
  const chosen = query.select ? `(${query.select.join(',')})` : ''
  return json(200, {
    '@odata.context': contextUrl(call, asked.version, `${context}${chosen}`),
    ...(query.count && { '@odata.count': total }),
    ...(skipToken !== undefined && { '@odata.nextLink': nextLink(call, asked.arrival, skipToken) }),
    value,
  })
}

export function json(status: number, body: unknown): Reply {
  return { status, headers: { 'content-type': JSON_TYPE }, body }
}

function contextUrl({ names }: Call, version: string, context: string): string {
  return `${names.origin('graph')}/${version}/$metadata#${context}`
}

function nextLink({ names }: Call, { path, query }: Arrival, skipToken: string): string {
  const next = new URLSearchParams({ ...query, $skiptoken: skipToken })
  return `${names.origin('graph')}${path}?${next}`
}

function invalidVersion(version: string): Failure {
  return new Failure('invalid', 'BadRequest', `Invalid version: ${version.slice(0, 50)}`)
}
