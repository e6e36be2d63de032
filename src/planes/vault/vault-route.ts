/**
 * What all routes of a vault share: the guard by collection and permission, the api-version, the
 * name in the path, paging. A route adds its body and its answer.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { decodeSkipToken, encodeSkipToken, type Page } from '../../base/page.ts'
import { childResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { nameKey, type Vault } from '../../core/secrets/vault.ts'
import type { PageRequest } from '../../core/secrets/versions.ts'
import type { Method, Reply, Route } from '../../http/route.ts'
import { route } from '../../http/route.ts'
import { apiVersion } from './api-version.ts'
import { openVault } from './open-vault.ts'

const MOST_ITEMS_A_PAGE = 25

/** A request to a vault, read. */
export interface Asked<Body> {
  readonly vault: Vault
  /** '' for routes that name no object. */
  readonly name: string
  readonly version: string | undefined
  readonly page: PageRequest
  readonly body: Body
  /** The address of the page after this one; null on the last, as Azure writes it. */
  nextLink(page: Page<unknown>): string | null
}

interface Declared<Body> {
  readonly method: Method
  readonly path: string
  readonly collection: 'secrets' | 'keys' | 'certificates'
  /** The data action, without `Microsoft.KeyVault/vaults/{collection}/`. */
  readonly action: string
  /** What the data action is of, where it is not the collection. */
  readonly actionOf?: 'keyrotationpolicies' | 'certificatecas' | 'certificatecontacts'
  /** The access-policy permission that stands for it. */
  readonly permission: string
  readonly body?: z.ZodType<Body>
  answer(call: Call, asked: Asked<Body>): Promise<Reply>
}

/** Many routes have no body: they share what reads them. */
const BODILESS = inputWith(z.unknown().transform(() => undefined))

function inputWith<Body>(body: z.ZodType<Body>) {
  return z.object({
    account: z.string(),
    params: z.object({ name: z.string().default(''), version: z.string().optional() }),
    query: z.object({
      'api-version': apiVersion,
      maxresults: z.string().optional(),
      $skiptoken: z.string().optional(),
    }),
    body,
  })
}

/** Declares a route of the vault plane. */
export function vaultRoute<Body = undefined>(declared: Declared<Body>): Route {
  const { method, path, collection, action, permission } = declared
  return route({
    method,
    path,
    guard: {
      kind: 'dataAction',
      action: `Microsoft.KeyVault/vaults/${declared.actionOf ?? collection}/${action}`,
      accessPolicy: { collection, permission },
      async scope(call, { host, params }) {
        const { id } = await openVault(call, host?.account)
        // A name that is none is refused before it can look like a scope.
        return params.name ? childResourceId(id, collection, named(params.name)) : id
      },
    },
    input: declared.body
      ? inputWith(declared.body)
      : (BODILESS as ReturnType<typeof inputWith<Body>>),
    async answer(call, { account, params, query, body }, arrival) {
      const vault = await openVault(call, account)
      const page = readPage(query.maxresults, query.$skiptoken)
      const nextLink = ({ next }: Page<unknown>) =>
        next === undefined
          ? null
          : `${call.names.accountOrigin('vault', vault.name)}${arrival.path}?` +
            `api-version=${query['api-version']}&$skiptoken=${encodeSkipToken(next)}` +
            `&maxresults=${page.size}`
      return declared.answer(call, {
        vault,
        ...params,
        version: params.version,
        page,
        body,
        nextLink,
      })
    },
  })
}

function named(name: string): string {
  nameKey(name)
  return name
}

function readPage(maxresults: string | undefined, skipToken: string | undefined): PageRequest {
  const size = maxresults === undefined ? MOST_ITEMS_A_PAGE : Number(maxresults)
  if (!Number.isInteger(size) || size < 1 || size > MOST_ITEMS_A_PAGE) {
    throw new Failure(
      'invalid',
      'BadParameter',
      `Invalid value for maxresults: it must be between 1 and ${MOST_ITEMS_A_PAGE}.`,
    )
  }
  return { size, after: skipToken === undefined ? undefined : decodeSkipToken(skipToken) }
}
