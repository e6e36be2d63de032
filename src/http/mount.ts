/**
 * Mounting: a plane becomes a request handler. One Fastify instance per plane routes; the steps
 * every request takes are numbered in `handle`.
 */
import type { IncomingMessage, RequestListener } from 'node:http'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { Failure } from '../base/failure.ts'
import { asId } from '../base/ids.ts'
import { azureNames, type Host, type Names } from '../base/names.ts'
import { createServer } from '../base/node-http.ts'
import type { Call, Caller } from '../core/call.ts'
import { authenticate } from './authenticate.ts'
import { otherMethods } from './other-methods.ts'
import { askPart } from './part.ts'
import { duplicate, type ReadQuery, readForm, readJson, readQuery } from './read.ts'
import type { Arrival, ArrivedMachine, Method, Plane, Route } from './route.ts'
import { send } from './send.ts'

/** What the composition root lends every plane. */
export interface Surroundings {
  /** Makes a call; a fresh id when none is given. */
  newCall(facts: { id: string | undefined; names: Names; caller: Caller }): Call
  readHost(host: string): Host | undefined
  /** The machine behind a socket that a sandbox handed over. */
  machineBehind(request: IncomingMessage): ArrivedMachine | undefined
}

export interface Mounted {
  readonly handle: RequestListener
  close(): Promise<void>
}

/** Builds the plane's router; ready to handle when it resolves. */
export async function mount(plane: Plane, surroundings: Surroundings): Promise<Mounted> {
  let listener: RequestListener | undefined
  const app = fastify({
    logger: false,
    bodyLimit: plane.bodyLimitBytes,
    // Azure's clients send doubled slashes, and vary the case of path segments.
    routerOptions: {
      caseSensitive: false,
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: 2048,
      querystringParser: (text) => readQuery(text) as unknown as Record<string, unknown>,
    },
    rewriteUrl: ({ url = '/' }: IncomingMessage) => plane.respell?.(url) ?? url,
    exposeHeadRoutes: false,
    // No route has a schema of the router's own: without this it loads two compilers for them.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    return503OnClosing: false,
    serverFactory: (handler) => {
      listener = handler
      return createServer()
    },
    frameworkErrors: (error, request, reply) => {
      refuseRaw(plane, surroundings, asFailure(error), request, reply)
    },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, request, reply) =>
    refuseRaw(plane, surroundings, asFailure(error), request, reply),
  )
  const isForOthers = otherMethods(plane.routes)
  app.setNotFoundHandler((request, reply) => {
    // A known path with a method that it does not have is `unsupported`, not missing.
    const refused = isForOthers(request.method, pathOf(request.raw)) ? notAllowed : notFound
    refuseRaw(plane, surroundings, refused(request), request, reply)
  })
  for (const route of plane.routes) register(app, plane, surroundings, route)
  await app.ready()
  if (listener === undefined) throw new Error('the router gave no listener')
  return { handle: listener, close: () => app.close() }
}

function noSchemas(): never {
  throw new Error('routes are read by their own input, not by schemas of the router')
}

function register(
  app: FastifyInstance,
  plane: Plane,
  surroundings: Surroundings,
  route: Route,
): void {
  app.route({
    method: route.method,
    url: route.path,
    handler: (request, reply) => handle(plane, surroundings, route, request, reply),
  })
}

async function handle(
  plane: Plane,
  surroundings: Surroundings,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const arrival = arrive(surroundings, request)
  // 1. The call: one id, one instant, one set of names.
  let call = openCall(plane, surroundings, arrival)
  try {
    const { repeated } = request.query as ReadQuery
    if (repeated !== undefined) throw duplicate(repeated)
    // 2. Who asks, as far as the guard wants to know.
    call = { ...call, caller: await identify(plane, call, route, arrival) }
    // 3. Whether they may.
    const { guard } = route
    if (guard.kind === 'action' || guard.kind === 'dataAction') {
      await plane.authorize(call, guard, arrival)
    }
    // 4. What they ask, read once.
    const input = readInput(plane, route, arrival, request.body as Buffer | undefined)
    // 5. The answer.
    const answer = await route.answer(call, input, arrival, (part) => askPart(request, part))
    send(reply, plane.headers?.(call, arrival), answer)
  } catch (reason) {
    refuse(plane, call, arrival, reply, reason)
  }
}

function arrive(surroundings: Surroundings, request: FastifyRequest): Arrival {
  const url = request.raw.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: request.method as Method,
    path: mark < 0 ? url : url.slice(0, mark),
    params: (request.params ?? {}) as Record<string, string>,
    query: (request.query as ReadQuery | undefined)?.values ?? {},
    headers: request.headers,
    host: surroundings.readHost(request.headers.host ?? ''),
    machine: surroundings.machineBehind(request.raw),
  }
}

function openCall(plane: Plane, surroundings: Surroundings, arrival: Arrival): Call {
  const given = arrival.headers[plane.requestIdHeader]
  return surroundings.newCall({
    id: typeof given === 'string' ? asId(given) : undefined,
    names: arrival.host?.names ?? azureNames,
    caller: { kind: 'nobody' },
  })
}

async function identify(plane: Plane, call: Call, route: Route, arrival: Arrival): Promise<Caller> {
  switch (route.guard.kind) {
    case 'open':
      return call.caller
    case 'machine': {
      if (arrival.machine === undefined) {
        throw new Failure('forbidden', 'NotAMachine', 'This endpoint answers machines only.')
      }
      return { kind: 'machine', key: arrival.machine.key }
    }
    default:
      return authenticate(call, arrival.headers.authorization, plane.audiences(call))
  }
}

function readInput(
  plane: Plane,
  route: Route,
  arrival: Arrival,
  bytes: Buffer | undefined,
): unknown {
  const parsed = route.input.safeParse({
    account: arrival.host?.account,
    params: arrival.params,
    query: arrival.query,
    headers: arrival.headers,
    body: bytes === undefined ? undefined : readBody(plane, arrival, bytes),
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  // A member that should not be there is itself at fault, not the object it is in.
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...(issue?.path ?? []), ...unknown].map(String)
  const target = path.filter((part, at) => at > 0 || !SECTIONS.has(part)).join('.')
  const message = target ? `${target}: ${issue?.message}` : (issue?.message ?? 'invalid input')
  throw new Failure('invalid', 'InvalidInput', message, { target })
}

function readBody(plane: Plane, arrival: Arrival, bytes: Buffer): unknown {
  if (plane.readBody) return plane.readBody(bytes, arrival)
  return plane.reads === 'json' ? readJson(bytes) : readForm(bytes)
}

/** The sections of a `RawInput`: not part of a member's name. */
const SECTIONS: ReadonlySet<string> = new Set(['params', 'query', 'headers', 'body'])

function refuse(
  plane: Plane,
  call: Call,
  arrival: Arrival,
  reply: FastifyReply,
  reason: unknown,
): void {
  const failure = asFailure(reason)
  const common = plane.headers?.(call, arrival)
  if (failure === undefined) {
    call.log.error('request failed', { plane: plane.name, call: call.id, error: reason })
    const bug = new Failure('busy', 'InternalServerError', 'An unexpected error occurred.')
    send(reply, common, { ...plane.refuse(bug, call, arrival), status: 500 })
    return
  }
  call.log.info('request refused', {
    plane: plane.name,
    call: call.id,
    code: failure.code,
    ...(failure.cause === undefined ? {} : { cause: String(failure.cause) }),
  })
  send(reply, common, plane.refuse(failure, call, arrival))
}

/** Refuses before a route was found, or when the router itself stopped the request. */
function refuseRaw(
  plane: Plane,
  surroundings: Surroundings,
  reason: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const arrival = arrive(surroundings, request)
  refuse(plane, openCall(plane, surroundings, arrival), arrival, reply, reason)
}

/** The router's own errors, in the house's words; undefined for a bug. */
function asFailure(reason: unknown): Failure | undefined {
  if (reason instanceof Failure) return reason
  const { code, statusCode } = reason as { code?: unknown; statusCode?: unknown }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new Failure('invalid', 'RequestTooLarge', 'The request body is too large.')
  }
  if (typeof code === 'string' && code.startsWith('FST_') && statusCode !== 500) {
    return new Failure('invalid', 'BadRequest', 'The request is not valid.', { cause: reason })
  }
  return undefined
}

function notFound(request: FastifyRequest): Failure {
  return new Failure('missing', 'NotFound', `There is nothing at ${pathOf(request.raw)}.`)
}

function notAllowed(request: FastifyRequest): Failure {
  return new Failure(
    'unsupported',
    'MethodNotAllowed',
    `The method ${request.method} is not allowed at ${pathOf(request.raw)}.`,
  )
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/'
}
