/**
 * What every door is made of: routes as data, each with a guard that cannot be left out.
 *
 * `http` is what all planes share: it turns a request into a `Call` and a checked input, and a
 * `Reply` or a `Failure` into an answer. It knows core for tokens and principals only; it knows no
 * service's rules and no plane. A plane is a list of routes, who may come in, and how it says no.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { Failure } from '../base/failure.ts'
import type { Host } from '../base/names.ts'
import type { ResourceId } from '../base/resource-id.ts'
import type { Secret } from '../base/secret.ts'
import type { Call } from '../core/call.ts'

export type Method = 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'

/** The machine a connection came from, known by the socket that accepted it. */
export interface ArrivedMachine {
  readonly key: string
  /** Only in loopback mode: what the App Service protocol must present. */
  readonly secret: Secret<string> | undefined
}

/** What arrived, still raw: guards look at it before the body is read. */
export interface Arrival {
  readonly method: Method
  /** The path as sent, undecoded, without the query. */
  readonly path: string
  /** The path's named parts, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The query, names in lower case. */
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** By which of our names it came; undefined on the metadata and control sockets. */
  readonly host: Host | undefined
  readonly machine: ArrivedMachine | undefined
}

/** What a route's input schema reads. */
export interface RawInput {
  /** The account in front of the host name: the vault, the storage account. */
  readonly account: string | undefined
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** Parsed by the plane's `reads`; undefined when there was none. */
  readonly body: unknown
}

export interface PermissionGuard {
  readonly kind: 'action' | 'dataAction'
  readonly action: string
  /** The access-policy permission that stands in for the action on vaults without RBAC. */
  readonly accessPolicy?: { readonly collection: string; readonly permission: string }
  scope(call: Call, arrival: Arrival): Promise<ResourceId>
}

/** Who may come in. */
export type Guard =
  | { readonly kind: 'open'; readonly because: string }
  | { readonly kind: 'machine' }
  /** Any principal with a valid token; the answer itself authorizes, or needs no more. */
  | { readonly kind: 'principal' }
  | PermissionGuard

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A string or bytes go out as they are; anything else as JSON; undefined as no body. */
  readonly body?: unknown
}

/** A request inside a request, of the same caller: to the same plane, by its path and query. */
export interface Part {
  readonly method: Method
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
}

export interface Route<Input = unknown> {
  readonly method: Method
  /** A path of the router: `/secrets/:name/:version`, or `/*`. */
  readonly path: string
  readonly guard: Guard
  /** Reads a `RawInput` once; what it lets through is all the answer sees. */
  readonly input: z.ZodType<Input>
  /** @param ask sends a part of a batch through the plane's own routes and their guards */
  answer(
    call: Call,
    input: Input,
    arrival: Arrival,
    ask: (part: Part) => Promise<Reply>,
  ): Promise<Reply>
}

export interface Plane {
  readonly name: string
  readonly routes: readonly Route[]
  /** Another spelling of an address, put into the one that the routes have, before one is sought. */
  readonly respell?: (url: string) => string
  /** How bodies are written: JSON whatever the content type says, or a form. */
  readonly reads: 'json' | 'form'
  /** Reads bodies in place of what `reads` names, where some of them are written less strictly. */
  readonly readBody?: (bytes: Buffer, arrival: Arrival) => unknown
  readonly bodyLimitBytes: number
  /** The header with which clients name a request; its GUID becomes the call's id. */
  readonly requestIdHeader: string
  /** Audiences of the tokens that open this plane; none where no token does. */
  audiences(call: Call): readonly string[]
  /** Decides an `action` or `dataAction` guard. @throws Failure forbidden */
  authorize(call: Call, guard: PermissionGuard, arrival: Arrival): Promise<void>
  /** This surface's error dialect: the only place that knows its status codes and shapes. */
  refuse(failure: Failure, call: Call, arrival: Arrival): Reply
  /** Headers that every answer of this surface carries. */
  headers?(call: Call, arrival: Arrival): Readonly<Record<string, string>>
}

/** Declares a route with its input typed; the list of a plane forgets the type. */
export function route<Input>(declared: Route<Input>): Route {
  return declared as unknown as Route
}
