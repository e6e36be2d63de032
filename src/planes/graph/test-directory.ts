/**
 * For tests of Graph: its door, an administrator who may do everything, and principals with the
 * permissions that a test gives them. Nothing in the program imports this.
 */
import { type ClientId, newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { Secret } from '../../base/secret.ts'
import { assignAppRole } from '../../core/directory/app-role-assignments.ts'
import { makeGlobalAdministrator } from '../../core/directory/directory-roles.ts'
import { createManagedIdentityPrincipal } from '../../core/directory/managed-identities.ts'
import {
  GRAPH_APP_ROLES,
  type GraphPermission,
  microsoftGraphPrincipal,
} from '../../core/directory/microsoft-graph.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { hashPassword } from '../../core/directory/user-passwords.ts'
import { createUser, type User } from '../../core/directory/users.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { issueAccessToken } from '../../core/tokens/issue.ts'
import { transaction } from '../../core/transaction.ts'
import { type Answered, type Asked, makePrincipal, openTestDoor } from '../../http/test-door.ts'
import { graphPlane } from './graph.ts'

export const GRAPH = 'https://graph.microsoft.com/v1.0'

export interface TestDirectory {
  readonly world: TestWorld
  /** May do everything. */
  readonly administrator: ServicePrincipal
  /** Asks as the administrator, unless somebody else is named; a path without the version. */
  ask(method: Asked['method'], path: string, asked?: Partial<Asked>): Promise<Answered>
  /** The same, of which the answer must be a success; gives its body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  done(method: Asked['method'], path: string, body?: unknown): Promise<any>
  /** A new application's principal with these permissions on Graph and no others. */
  principalWith(...permissions: readonly GraphPermission[]): Promise<ServicePrincipal>
  /** The principal of a virtual machine's own identity. */
  machineIdentity(name: string): Promise<ServicePrincipal>
  user(name: string): Promise<User>
  /** The Authorization header of a client that may do what the user may, or only what is said. */
  signedIn(user: User, scopes?: string): Promise<{ authorization: string }>
  close(): Promise<void>
}

export async function openTestDirectory(): Promise<TestDirectory> {
  const world = await openTestWorld()
  const door = await openTestDoor(world, graphPlane, { host: 'graph.microsoft.com' })
  const administrator = await makePrincipal(world, 'administrator')
  await transaction(world.call(), (tx) => makeGlobalAdministrator(tx, administrator.objectId))
  const ask: TestDirectory['ask'] = (method = 'GET', path, asked = {}) =>
    door.ask({
      method,
      path: `${path.startsWith('/oidc/') ? '' : '/v1.0'}${path.replaceAll(' ', '%20').replaceAll('"', '%22')}`,
      ...(!asked.headers?.authorization && { as: administrator }),
      ...asked,
    })
  return {
    world,
    administrator,
    ask,
    async done(method, path, body) {
      const answered = await ask(method, path, { body })
      if (answered.status < 300) return answered.body
      throw new Error(`${method} ${path}: ${answered.status} ${JSON.stringify(answered.body)}`)
    },
    async principalWith(...permissions) {
      const principal = await makePrincipal(world, 'permitted')
      await transaction(world.call(), async (tx) => {
        for (const permission of permissions) {
          await assignAppRole(tx, {
            principalId: principal.objectId,
            resourceId: microsoftGraphPrincipal(tx).objectId,
            appRoleId: GRAPH_APP_ROLES[permission],
          })
        }
      })
      return principal
    },
    machineIdentity: (name) =>
      transaction(world.call(), (tx) =>
        createManagedIdentityPrincipal(tx, { kind: 'SystemAssigned', resourceId: machine(name) }),
      ),
    async user(name) {
      const password = await hashPassword(new Secret('Correct-Horse-9'))
      const userPrincipalName = `${name.toLowerCase()}@locum.onmicrosoft.com`
      return transaction(world.call(), (tx) =>
        createUser(tx, { userPrincipalName, displayName: name, password }),
      )
    },
    signedIn: (user, scopes = 'Directory.AccessAsUser.All') => tokenOf(world, user, scopes),
    async close() {
      await door.close()
      await world.close()
    },
  }
}

export const SUBSCRIPTION = '9a6ef421-7c1b-4c7a-a5ac-3f1f2a27cd11'

function machine(name: string) {
  return parseResourceId(
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/MI-RG/providers/Microsoft.Compute/virtualMachines/${name}`,
  )
}

async function tokenOf(
  world: TestWorld,
  user: User,
  scopes: string,
): Promise<{ authorization: string }> {
  const { text } = await issueAccessToken(world.call(), {
    subject: {
      kind: 'User',
      objectId: user.objectId,
      clientId: newId<ClientId>(),
      proof: 'none',
      userPrincipalName: user.userPrincipalName,
      displayName: user.displayName,
      scopes,
    },
    audience: { audience: 'https://graph.microsoft.com', version: '1.0' },
  })
  return { authorization: `Bearer ${text.reveal()}` }
}

/** An id of nothing. */
export function nobody(): ObjectId {
  return newId<ObjectId>()
}
