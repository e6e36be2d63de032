/**
 * Every guard, tried as a lock: the action that a refusal names opens its route alone, and every
 * action there is but that one does not. So a route that is guarded by another's action, and a
 * refusal that names the wrong one, are found here.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { newId, type TenantId } from '../src/base/ids.ts'
import type { ServicePrincipal } from '../src/core/directory/service-principals.ts'
import { importRoles } from '../src/core/rbac/role-import.ts'
import { assignRole } from '../src/core/rbac/test-assignment.ts'
import { POLICY_PERMISSIONS } from '../src/core/secrets/access-policies.ts'
import { transaction } from '../src/core/transaction.ts'
import type { Answered } from '../src/http/test-door.ts'
import { makePrincipal } from '../src/http/test-door.ts'
import { isNotOffered } from './every-route/answers.ts'
import { type Example, inOrderOfLife } from './every-route/example.ts'
import { ACTIONS_FILE, actionLines, type Guarded, guardedExamples } from './every-route/guards.ts'
import { asIs } from './every-route/rubbish.ts'
import { openWalk, type Walk } from './every-route/walk.ts'

/** Key operations with the public half are open to whoever may read the key, as in Azure. */
const READ_SUFFICES = /\/keys\/(encrypt|verify|wrap)\/action$/

/** A vault beside the walked one, which asks its access policies and no role. */
const POLICY_VAULT = 'walked-policies'

type Permissions = Readonly<Record<string, readonly string[]>>

describe('every guard', () => {
  let walk: Walk
  /** Routes that refuse a principal without roles, with the action that the refusal names. */
  let guarded: Guarded[]
  before(async () => {
    walk = await openWalk()
    guarded = await guardedExamples(walk)
  })
  after(() => walk?.close())

  it('is on the list that test/every-route/guards.ts writes', () => {
    assert.deepEqual(actionLines(guarded), readFileSync(ACTIONS_FILE, 'utf8').trimEnd().split('\n'))
  })

  it('stays shut to every action but its own', async () => {
    const faults: string[] = []
    for (const { example, action, kind } of guarded) {
      const not = kind === 'action' ? [action] : []
      const notData = kind === 'dataAction' ? [action, ...readOf(action)] : []
      const principal = await principalWith(['*'], not, ['*'], notData)
      const { status } = await askAs(example, principal)
      if (status !== 403) faults.push(`${example.label} without ${action}: ${status}`)
    }
    assert.deepEqual(faults, [])
  })

  it('of a vault with access policies opens to the policy that names its permission', async () => {
    const faults: string[] = []
    for (const { example } of guarded.filter(({ kind }) => kind === 'dataAction')) {
      const { guard } = example
      assert.ok(guard.kind === 'dataAction' && guard.accessPolicy, example.label)
      const { collection, permission } = guard.accessPolicy
      // 1. Roles count for nothing, not even all of them.
      await setPolicies([])
      const refused = await askPolicyVault(example, walk.world.mighty)
      const words = `does not have ${collection} ${permission} permission on key vault`
      if (refused.status !== 403 || !refused.body.error.message.includes(words)) {
        faults.push(`${example.label} without a policy: ${JSON.stringify(refused.body)}`)
      }
      // 2. All permissions but the one.
      await setPolicies(policyFor(walk.world.powerless, everyPermissionBut(collection, permission)))
      const shut = await askPolicyVault(example, walk.world.powerless)
      if (shut.status !== 403) faults.push(`${example.label} with all but its own: ${shut.status}`)
      // 3. The one alone.
      await setPolicies(policyFor(walk.world.powerless, { [collection]: [permission] }))
      const opened = await askPolicyVault(example, walk.world.powerless)
      if (opened.status === 403) faults.push(`${example.label} with ${permission}: refused`)
    }
    assert.deepEqual(faults, [])
  })

  it('opens to its own action alone', async () => {
    const faults: string[] = []
    const byExample = new Map(guarded.map((one) => [one.example, one]))
    for (const example of inOrderOfLife([...byExample.keys()])) {
      const { action, kind } = byExample.get(example) as Guarded
      const granted = kind === 'action' ? ([[action], []] as const) : ([[], [action]] as const)
      const principal = await principalWith(granted[0], [], granted[1], [])
      const { status, body } = await askAs(example, principal)
      const opened = status < 300 || [404, 409].includes(status) || isNotOffered({ status, body })
      if (!opened) faults.push(`${example.label} with ${action}: ${status} ${JSON.stringify(body)}`)
    }
    assert.deepEqual(faults, [])
  })

  async function askPolicyVault(example: Example, who: ServicePrincipal): Promise<Answered> {
    const token = await walk.world.tokenFor(example.plane, who)
    const asked = { ...asIs(example), host: `${POLICY_VAULT}.vault.azure.net` }
    return walk.ask(example, asked, `Bearer ${token}`)
  }

  function policyFor(principal: ServicePrincipal, permissions: Permissions): object[] {
    const { tenantId } = walk.world.test
    return [{ tenantId, objectId: principal.objectId, permissions }]
  }

  async function setPolicies(accessPolicies: readonly object[]): Promise<void> {
    const put = walk.examples.find(
      ({ label }) => label === 'arm PUT Microsoft.KeyVault/vaults of a group',
    )
    assert.ok(put)
    const asked = asIs({
      ...put,
      path: put.path.replace(/[^{]+\}$/, `${POLICY_VAULT}}`),
      body: {
        location: 'westeurope',
        properties: {
          tenantId: walk.world.test.tenantId,
          sku: { family: 'A', name: 'standard' },
          enableRbacAuthorization: false,
          accessPolicies,
        },
      },
    })
    const answered = await walk.ask(put, asked, await walk.mighty(put))
    assert.equal(answered.status, 200, JSON.stringify(answered.body))
  }

  function askAs(example: Example, principal: ServicePrincipal): Promise<Answered> {
    return walk.world
      .tokenFor(example.plane, principal)
      .then((token) => walk.ask(example, asIs(example), `Bearer ${token}`))
  }

  async function principalWith(
    actions: readonly string[],
    notActions: readonly string[],
    dataActions: readonly string[],
    notDataActions: readonly string[],
  ): Promise<ServicePrincipal> {
    const { test } = walk.world
    const id = newId<TenantId>()
    const role = { id, roleName: `Role ${id}`, roleType: 'BuiltInRole', assignableScopes: ['/'] }
    const permissions = { actions, notActions, dataActions, notDataActions }
    const principal = await makePrincipal(test, `holder of ${id}`)
    await transaction(test.call(), (tx) => importRoles(tx, [{ ...role, ...permissions }]))
    await assignRole(test, principal, id, '/')
    return principal
  }
})

function everyPermissionBut(collection: string, permission: string): Permissions {
  const all = Object.entries(POLICY_PERMISSIONS).map(([name, words]) => {
    const others = [...words].filter((word) => word !== 'all')
    const isIts = (word: string) =>
      name === collection && word.toLowerCase() === permission.toLowerCase()
    return [name, others.filter((word) => !isIts(word))]
  })
  return Object.fromEntries(all)
}

function readOf(action: string): string[] {
  return READ_SUFFICES.test(action) ? ['Microsoft.KeyVault/vaults/keys/read'] : []
}
