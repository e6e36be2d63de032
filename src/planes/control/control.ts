/**
 * The control plane: what a command line on this host needs and Azure has no public API for.
 *
 * Status, the way into a machine, stopping the daemon, the import of role definitions. It listens
 * on a unix socket in the data folder that only the folder's owner can open, and never on TCP: the
 * socket's mode is the guard. What Resource Manager or Graph can do is not here. It knows core,
 * http and machines; what only the composition root knows is lent to it as a `Daemon`.
 */
import { z } from 'zod'
import type { Failure } from '../../base/failure.ts'
import { importRoles } from '../../core/rbac/role-import.ts'
import { transaction } from '../../core/transaction.ts'
import { type Guard, type Plane, type RawInput, type Reply, route } from '../../http/route.ts'
import { statusOf } from '../../http/status.ts'
import { type Entrance, writeEntrance } from '../../machines/entrance.ts'
import { findMachine, type LiveMachines, listMachines } from './find-machine.ts'
import type { Status } from './status.ts'

/** What the running program lends: facts it alone has, and its own end. */
export interface Daemon {
  /** Everything but the machines. */
  facts(): Promise<Omit<Status, 'machines'>>
  readonly machines: LiveMachines
  /** The way into a running machine. */
  entrance(key: string): Entrance
  /** Starts the workstation, on which Azure is local but which has no identity; idempotent. */
  workstation(): Promise<Entrance>
  /** Ends the program, once this request has been answered. */
  stop(): void
}

/** The built-in roles of a tenant, as `az role definition list` prints them, are about 2 MB. */
const LONGEST_BODY_BYTES = 16 * 1024 * 1024

const GUARD: Guard = { kind: 'open', because: 'only the owner of the data folder can connect' }

export function controlPlane(daemon: Daemon): Plane {
  return {
    name: 'control',
    reads: 'json',
    bodyLimitBytes: LONGEST_BODY_BYTES,
    requestIdHeader: 'x-ms-client-request-id',
    audiences: () => [],
    authorize: () => Promise.reject(new Error('the control plane has no permission guards')),
    refuse,
    routes: [
      route({
        method: 'GET',
        path: '/status',
        guard: GUARD,
        input: z.unknown(),
        answer: async (call) => ({
          status: 200,
          body: { ...(await daemon.facts()), machines: await listMachines(call, daemon.machines) },
        }),
      }),
      route({
        method: 'POST',
        path: '/machines/entrance',
        guard: GUARD,
        input: bodyOf(z.strictObject({ machine: z.string().min(1).max(2048) })),
        answer: async (call, { machine }) => {
          const found = await findMachine(call, daemon.machines, machine)
          return json(writeEntrance(daemon.entrance(found.key)))
        },
      }),
      route({
        method: 'POST',
        path: '/workstation/entrance',
        guard: GUARD,
        input: z.unknown(),
        answer: async () => json(writeEntrance(await daemon.workstation())),
      }),
      route({
        method: 'POST',
        path: '/roles/import',
        guard: GUARD,
        input: bodyOf(z.unknown()),
        answer: async (call, roles) => ({
          status: 200,
          body: { imported: await transaction(call, (tx) => importRoles(tx, roles)) },
        }),
      }),
      route({
        method: 'POST',
        path: '/stop',
        guard: GUARD,
        input: z.unknown(),
        answer: async () => {
          setImmediate(() => daemon.stop())
          return { status: 202, body: { stopping: true } }
        },
      }),
    ],
  }
}

function bodyOf<Body>(body: z.ZodType<Body>): z.ZodType<Body> {
  return z.custom<RawInput>().transform((raw, context) => {
    const read = body.safeParse(raw.body)
    if (read.success) return read.data
    for (const { message, path } of read.error.issues) {
      context.addIssue({ code: 'custom', message, path: ['body', ...path] })
    }
    return z.NEVER
  })
}

function json(text: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: text }
}

function refuse(failure: Failure): Reply {
  return {
    status: statusOf(failure, { busy: 503 }),
    body: { error: { code: failure.code, message: failure.message } },
  }
}
