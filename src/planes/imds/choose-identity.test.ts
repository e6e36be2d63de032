import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { CarriedIdentities } from '../../core/identity/carried-identities.ts'
import { chooseIdentity } from './choose-identity.ts'

const GROUP =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities'
const ids = (name: string) => ({
  objectId: `object-${name}` as ObjectId,
  clientId: `client-${name}` as ClientId,
})
const user = (name: string) => ({ id: parseResourceId(`${GROUP}/${name}`), ...ids(name) })

const none: CarriedIdentities = { systemAssigned: undefined, userAssigned: [] }
const system: CarriedIdentities = { systemAssigned: ids('own'), userAssigned: [] }
const one: CarriedIdentities = { systemAssigned: undefined, userAssigned: [user('a')] }
const two: CarriedIdentities = { systemAssigned: undefined, userAssigned: [user('a'), user('b')] }
const all: CarriedIdentities = { ...two, systemAssigned: ids('own') }
const deleted: CarriedIdentities = {
  systemAssigned: undefined,
  userAssigned: [{ id: user('a').id, objectId: undefined, clientId: undefined }],
}

describe('the identity a token is for', () => {
  const chosen: [what: string, CarriedIdentities, query: Record<string, string>, client: string][] =
    [
      ['the system-assigned one, when nobody is named', all, {}, 'client-own'],
      ['the only user-assigned one, when nobody is named', one, {}, 'client-a'],
      ['named by client id', all, { client_id: 'client-b' }, 'client-b'],
      ['named by client id in other case', all, { client_id: 'CLIENT-B' }, 'client-b'],
      ["named by App Service's old word", all, { clientid: 'client-a' }, 'client-a'],
      ['named by object id', all, { object_id: 'object-a' }, 'client-a'],
      ['named by principal id', all, { principal_id: 'object-b' }, 'client-b'],
      ['the system-assigned one by its client id', all, { client_id: 'client-own' }, 'client-own'],
      ['named by resource id', all, { msi_res_id: `${GROUP}/B` }, 'client-b'],
      ['named by resource id in the other word', all, { mi_res_id: `${GROUP}/a` }, 'client-a'],
      ['an empty selector is none', system, { client_id: '' }, 'client-own'],
    ]
  for (const [what, carried, query, client] of chosen) {
    it(what, () => assert.equal(chooseIdentity(carried, query).clientId, client))
  }

  const many =
    'Multiple user assigned identities exist, please specify the clientId / resourceId of the ' +
    'identity in the token request'
  const refused: [what: string, CarriedIdentities, query: Record<string, string>, text: string][] =
    [
      ['nobody is carried', none, {}, 'Identity not found'],
      ['several are, and nobody is named', two, {}, many],
      ['the named one is not carried', one, { client_id: 'client-b' }, 'Identity not found'],
      ['the resource id is none', one, { msi_res_id: 'nonsense' }, 'Identity not found'],
      ['the only one has been deleted', deleted, {}, 'Identity not found'],
      [
        'the named one has been deleted',
        deleted,
        { msi_res_id: `${GROUP}/a` },
        'Identity not found',
      ],
      [
        'two are named',
        all,
        { client_id: 'client-a', object_id: 'object-a' },
        'Only one of the parameters client_id, object_id may be specified',
      ],
    ]
  for (const [what, carried, query, message] of refused) {
    it(`is refused when ${what}`, () => {
      assert.throws(() => chooseIdentity(carried, query), { code: 'invalid_request', message })
    })
  }
})
