/**
 * The world that is walked: every plane behind a door, one of everything to ask for, and the
 * principals who ask: one with every right, one with none, one that is gone.
 */
import { createHash } from 'node:crypto'
import type { SubscriptionId } from '../../src/base/ids.ts'
import { newId } from '../../src/base/ids.ts'
import { Secret } from '../../src/base/secret.ts'
import { makeGlobalAdministrator } from '../../src/core/directory/directory-roles.ts'
import {
  deleteServicePrincipal,
  type ServicePrincipal,
  setAccountEnabled,
} from '../../src/core/directory/service-principals.ts'
import { importRoles } from '../../src/core/rbac/role-import.ts'
import { assignRole } from '../../src/core/rbac/test-assignment.ts'
import { putHierarchySettings } from '../../src/core/resources/management-groups.ts'
import { createSubscription } from '../../src/core/resources/subscriptions.ts'
import { openTestWorld, type TestWorld } from '../../src/core/test-world.ts'
import { issueAccessToken } from '../../src/core/tokens/issue.ts'
import { transaction } from '../../src/core/transaction.ts'
import type { Plane } from '../../src/http/route.ts'
import { makePrincipal, openTestDoor, type TestDoor } from '../../src/http/test-door.ts'
import { everyPlane } from './planes.ts'
import { SURFACES, type Surface } from './surfaces.ts'

export interface WalkedWorld {
  readonly test: TestWorld
  readonly planes: readonly WalkedPlane[]
  readonly subscriptionId: string
  /** Every action and data action, everywhere. */
  readonly mighty: ServicePrincipal
  /** No role anywhere. */
  readonly powerless: ServicePrincipal
  /** Was in the directory, and is not. */
  readonly gone: ServicePrincipal
  /** Is in the directory, and may not sign in. */
  readonly disabled: ServicePrincipal
  /** An access token of the principal for the plane; undefined where none opens it. */
  tokenFor(plane: Plane, principal: ServicePrincipal): Promise<string | undefined>
  close(): Promise<void>
}

export interface WalkedPlane {
  readonly plane: Plane
  readonly surface: Surface
  /** Requests here come from no machine. */
  readonly door: TestDoor
  /** Requests here come from the machine that is walked, in loopback mode. */
  readonly machineDoor: TestDoor
}

/** What the metadata service of a machine in loopback mode wants to be shown. */
export const MACHINE_SECRET = 'loopback-secret-of-the-walked-machine'
/** Names of what is there, and of what was there and has been deleted. */
export const WALKED = 'walked'
export const GONE = 'walked-gone'
export const ANOTHER = 'walked-another'

export function groupOf(subscriptionId: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${WALKED}`
}

export function machineOf(subscriptionId: string): string {
  return `${groupOf(subscriptionId)}/providers/Microsoft.Compute/virtualMachines/${WALKED}`
}

export async function openWalkedWorld(): Promise<WalkedWorld> {
  const doors = new Map<string, TestDoor>()
  const described = everyPlane(async (_call, path, form) => {
    const { status, body } = await askEntra(doors, path, new URLSearchParams(form).toString())
    return { status, body }
  }).map((plane) => ({ plane, surface: surfaceOf(plane) }))
  const test = await openTestWorld()
  const subscriptionId = newId<SubscriptionId>()
  await transaction(test.call(), (tx) =>
    createSubscription(tx, { subscriptionId, displayName: 'Walked' }),
  )
  // Else everybody may make management groups, and what guards them were not seen.
  await transaction(test.call(), (tx) =>
    putHierarchySettings(tx, { requireAuthorizationForGroupCreation: true }),
  )
  const mighty = await makeMighty(test)
  const powerless = await makePrincipal(test, 'powerless')
  const gone = await makePrincipal(test, 'gone')
  const machine = {
    key: machineOf(subscriptionId).toLowerCase(),
    secret: new Secret(MACHINE_SECRET),
  }
  const walked = await Promise.all(
    described.map(async ({ plane, surface }): Promise<WalkedPlane> => {
      const door = await openTestDoor(test, plane, { host: surface.host })
      const machineDoor = await openTestDoor(test, plane, { host: surface.host, machine })
      doors.set(plane.name, door)
      return { plane, surface, door, machineDoor }
    }),
  )
  const tokenFor = tokens(test)
  // Issued while it was in the directory: the token outlives the principal.
  for (const { plane } of walked) await tokenFor(plane, gone)
  await transaction(test.call(), (tx) => deleteServicePrincipal(tx, gone.objectId))
  const disabled = await makePrincipal(test, 'disabled')
  await transaction(test.call(), (tx) =>
    setAccountEnabled(tx, { objectId: disabled.objectId, enabled: false }),
  )
  return {
    test,
    planes: walked,
    subscriptionId,
    mighty,
    powerless,
    gone,
    disabled,
    tokenFor,
    async close() {
      for (const { door, machineDoor } of walked) {
        await door.close()
        await machineDoor.close()
      }
      await test.close()
    },
  }
}

function surfaceOf(plane: Plane): Surface {
  const surface = SURFACES[plane.name]
  if (surface) return surface
  throw new Error(`the plane ${plane.name} is not described in test/every-route/surfaces.ts`)
}

function askEntra(doors: ReadonlyMap<string, TestDoor>, path: string, body: string) {
  const door = doors.get('entra')
  if (!door) throw new Error('the token service has no door')
  return door.ask({ method: 'POST', path, body })
}

/** One token for each principal and plane. */
function tokens(test: TestWorld): WalkedWorld['tokenFor'] {
  const issued = new Map<string, string>()
  return async (plane, principal) => {
    const call = test.call()
    const [audience] = plane.audiences(call)
    if (audience === undefined) return undefined
    const key = `${plane.name} ${principal.objectId}`
    const known = issued.get(key)
    if (known) return known
    const { objectId, clientId, type: kind } = principal
    const { text } = await issueAccessToken(call, {
      subject: { objectId, clientId, kind, proof: 'certificate' },
      audience: { audience, version: '1.0' },
    })
    issued.set(key, text.reveal())
    return text.reveal()
  }
}

const EVERYTHING = {
  id: guidFrom('everything'),
  roleName: 'Everything',
  roleType: 'BuiltInRole',
  actions: ['*'],
  dataActions: ['*'],
  assignableScopes: ['/'],
}

async function makeMighty(test: TestWorld): Promise<ServicePrincipal> {
  const mighty = await makePrincipal(test, 'mighty')
  await transaction(test.call(), (tx) => importRoles(tx, [EVERYTHING]))
  await transaction(test.call(), (tx) => makeGlobalAdministrator(tx, mighty.objectId))
  await assignRole(test, mighty, EVERYTHING.id, '/')
  return mighty
}

/** A GUID that is always the same for the same text. */
export function guidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [8, 4, 4, 4, 12].map((length, at) => hex.slice(at * 12, at * 12 + length)).join('-')
}
