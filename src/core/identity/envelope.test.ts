import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { CarriedIdentities } from './carried-identities.ts'
import { readIdentity, wantedIdentity } from './envelope.ts'

const GROUP = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g'
const HOST = parseResourceId(`${GROUP}/providers/Microsoft.Compute/virtualMachines/vm1`)
const ID1 = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`
const ID2 = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id2`

function carrying(system: boolean, ...ids: string[]): CarriedIdentities {
  return {
    systemAssigned: system ? { objectId: 'o' as ObjectId, clientId: 'c' as ClientId } : undefined,
    userAssigned: ids.map((id) => ({
      id: parseResourceId(id),
      objectId: undefined,
      clientId: undefined,
    })),
  }
}

function outcome(raw: unknown, carried: CarriedIdentities, verb: 'PUT' | 'PATCH') {
  const { system, user } = wantedIdentity(readIdentity(HOST, raw, 'system-and-user'), carried, verb)
  return { system, user: [...user.values()].map((id) => id.name) }
}

describe('what az sends to change identities', () => {
  const both = carrying(true, ID1, ID2)
  const users = carrying(false, ID1, ID2)
  const rows: [what: string, raw: unknown, CarriedIdentities, system: boolean, user: string[]][] = [
    [
      'system and user, remove id1, as 2.74 sends it',
      {
        type: 'SystemAssigned, UserAssigned',
        userAssignedIdentities: { [ID1.toLowerCase()]: null },
      },
      both,
      true,
      ['id2'],
    ],
    [
      'system and user, remove id1, as 2.91 sends it',
      { type: 'SystemAssigned,UserAssigned', userAssignedIdentities: { [ID1]: null } },
      both,
      true,
      ['id2'],
    ],
    ['system and user, remove both users, 2.74', { type: 'SystemAssigned' }, both, true, []],
    [
      'system and user, remove both users, 2.91',
      { type: 'SystemAssigned', userAssignedIdentities: null },
      both,
      true,
      [],
    ],
    ['users only, remove both', { type: 'None', userAssignedIdentities: null }, users, false, []],
    [
      'users only, remove one',
      { type: 'UserAssigned', userAssignedIdentities: { [ID1]: null } },
      users,
      false,
      ['id2'],
    ],
    [
      'remove system, the users stay unmentioned',
      { type: 'UserAssigned', userAssignedIdentities: null },
      both,
      false,
      ['id1', 'id2'],
    ],
    [
      'add id2, with the full map as answers show it',
      {
        type: 'UserAssigned',
        userAssignedIdentities: { [ID1]: { principalId: 'p', clientId: 'c' }, [ID2]: {} },
      },
      carrying(false, ID1),
      false,
      ['id1', 'id2'],
    ],
  ]
  for (const [what, raw, carried, system, user] of rows) {
    it(what, () => assert.deepEqual(outcome(raw, carried, 'PATCH'), { system, user }))
  }
})

describe('a PUT', () => {
  it('replaces the map', () => {
    const raw = { type: 'UserAssigned', userAssignedIdentities: { [ID2]: {} } }
    assert.deepEqual(outcome(raw, carrying(false, ID1), 'PUT'), { system: false, user: ['id2'] })
  })

  it('keeps the map it does not send', () => {
    const raw = { type: 'SystemAssigned, UserAssigned' }
    assert.deepEqual(outcome(raw, carrying(false, ID1), 'PUT'), { system: true, user: ['id1'] })
  })
})

describe('what is refused', () => {
  const rows: [what: string, raw: unknown, code: string][] = [
    ['not an object', 'SystemAssigned', 'InvalidRequestContent'],
    ['no type', {}, 'InvalidIdentityType'],
    ['a word that is none', { type: 'Sometimes' }, 'InvalidIdentityType'],
    ['None with another', { type: 'None, SystemAssigned' }, 'InvalidIdentityType'],
    ['a word twice', { type: 'SystemAssigned, SystemAssigned' }, 'InvalidIdentityType'],
    [
      'a map without UserAssigned',
      { type: 'SystemAssigned', userAssignedIdentities: { [ID1]: {} } },
      'FailedIdentityOperation',
    ],
    [
      'a value that is no identity',
      { type: 'UserAssigned', userAssignedIdentities: { [ID1]: { evil: 1 } } },
      'InvalidIdentityValues',
    ],
    [
      'an id of something else',
      { type: 'UserAssigned', userAssignedIdentities: { [HOST.text]: {} } },
      'InvalidIdentityId',
    ],
    ['UserAssigned with nobody', { type: 'UserAssigned' }, 'MissingIdentityIds'],
    [
      'the last user-assigned one removed',
      { type: 'UserAssigned', userAssignedIdentities: { [ID1]: null } },
      'MissingIdentityIds',
    ],
  ]
  for (const [what, raw, code] of rows) {
    it(`${what}: ${code}`, () => {
      const carried = what.startsWith('the last') ? carrying(false, ID1) : carrying(false)
      assert.throws(() => outcome(raw, carried, 'PATCH'), { fault: 'invalid', code })
    })
  }

  it('a kind the type does not have', () => {
    assert.throws(() => readIdentity(HOST, { type: 'UserAssigned' }, 'system'), {
      code: 'ResourceIdentityNotSupported',
    })
  })
})
