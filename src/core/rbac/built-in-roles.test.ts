import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import {
  BUILT_IN_ROLES,
  OWNER_ROLE_ID,
  USER_ACCESS_ADMINISTRATOR_ROLE_ID,
} from './built-in-roles.ts'
import { checkCondition } from './conditions/conditions.ts'
import { actionKey, allows, type Permission } from './permissions.ts'
import { permission, type Role, roleAllows } from './role.ts'
import { findRole } from './role-definitions.ts'
import { importRoles } from './role-import.ts'

/** Azure's own list, kept outside the project: tests that need it are skipped where it is not. */
const PUBLISHED = new URL('../../../../shared/data/builtin-roles.json', import.meta.url)
const skip = existsSync(PUBLISHED) ? false : 'the published list of roles is not at hand'

interface PublishedRole extends Permission {
  readonly id: string
  readonly roleName: string
  readonly permissions?: readonly Permission[]
}
const published = (): PublishedRole[] => JSON.parse(readFileSync(PUBLISHED, 'utf8'))
const blocksOf = (role: PublishedRole): Permission[] =>
  (role.permissions ?? [role]).map((block) => {
    const { actions, notActions, dataActions, notDataActions, condition, conditionVersion } = block
    const parts = { actions, notActions, dataActions, notDataActions }
    return permission(
      condition ? { ...parts, condition, conditionVersion: conditionVersion ?? '2.0' } : parts,
    )
  })

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

test('names and GUIDs are unique, descriptions are there', () => {
  assert.equal(new Set(BUILT_IN_ROLES.map(({ id }) => id)).size, BUILT_IN_ROLES.length)
  assert.equal(
    new Set(BUILT_IN_ROLES.map(({ name }) => name.toLowerCase())).size,
    BUILT_IN_ROLES.length,
  )
  assert.deepEqual(
    BUILT_IN_ROLES.filter(({ description }) => !/^[A-Z].*\.$/.test(description)),
    [],
  )
})

test('the roles that the program names are what it takes them for', () => {
  const nameOf = (id: string) => BUILT_IN_ROLES.find((role) => role.id === id)?.name
  assert.equal(nameOf(OWNER_ROLE_ID), 'Owner')
  assert.equal(nameOf(USER_ACCESS_ADMINISTRATOR_ROLE_ID), 'User Access Administrator')
})

test('each role of the table is the published one', { skip }, () => {
  const byId = new Map(published().map((role) => [role.id, role]))
  for (const role of BUILT_IN_ROLES) {
    const original = byId.get(role.id)
    assert.ok(original, role.name)
    assert.equal(role.name, original.roleName)
    assert.deepEqual(role.permissions, blocksOf(original), role.name)
  }
})

test('every published role loads, matches what it names and can read its conditions', {
  skip,
}, async () => {
  const list = published()
  const call = world.call()
  assert.equal(await transaction(call, (tx) => importRoles(tx, list)), list.length)
  for (const original of list) {
    const role = await findRole(call, original.id)
    assert.ok(role, original.roleName)
    assert.equal(role.name, original.roleName)
    assert.deepEqual(role.permissions, blocksOf(original))
    for (const block of role.permissions) matchesItself(role, block)
  }
})

/** Each pattern, with its stars filled in, is granted unless the same block takes it away. */
function matchesItself(role: Role, block: Permission): void {
  if (block.condition !== undefined) checkCondition(block.condition)
  const kinds = [
    { of: 'action', grants: block.actions, subtracts: block.notActions },
    { of: 'dataAction', grants: block.dataActions, subtracts: block.notDataActions },
  ] as const
  for (const { of, grants, subtracts } of kinds) {
    for (const pattern of grants) {
      const action = pattern.replaceAll('*', 'any/thing')
      const taken = allows(permission({ actions: subtracts }), actionKey(action), 'action')
      assert.equal(roleAllows(role, action, of) || taken, true, `${role.name}: ${pattern}`)
    }
    for (const pattern of subtracts) {
      const action = actionKey(pattern.replaceAll('*', 'any/thing'))
      assert.equal(allows(block, action, of), false, `${role.name}: not ${pattern}`)
    }
  }
}
