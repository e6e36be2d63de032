/**
 * Lab B: several virtual machines, several identities, several vaults, and grants that cross over.
 *
 * AZVM-1 carries its own identity and three user-assigned ones; AZVM-2 its own and the third of
 * them. Vault azkv-1 goes by role assignments, some of them on one object only, azkv-2 by access
 * policies. Every identity is tried from both machines, on both vaults, for every operation.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { grant, type Machine, makeGroup, type Principal, type Vault } from '../estate.ts'
import { type Locum, startLocum } from '../locum.ts'
import { claimsOf } from './tutorial.ts'

/** What a machine may do, as whom, where: HTTP statuses. */
const EXPECTED = `
machine  identity        vault   keys  key  sign  secrets  secret  password
azvm-1   AZVM-id-1       azkv-1   200  200   403      200     403       403
azvm-1   AZVM-id-1       azkv-2   403  403   403      403     403       403
azvm-1   AZVM-user-id-1  azkv-1   403  403   403      200     200       200
azvm-1   AZVM-user-id-1  azkv-2   403  403   403      403     403       403
azvm-1   AZVM-user-id-2  azkv-1   403  403   403      403     403       403
azvm-1   AZVM-user-id-2  azkv-2   200  200   200      403     403       403
azvm-1   AZVM-user-id-3  azkv-1   403  200   200      403     403       200
azvm-1   AZVM-user-id-3  azkv-2   403  403   403      200     200       200
azvm-1   AZVM-id-2       -       Identity not found
azvm-2   AZVM-id-1       -       Identity not found
azvm-2   AZVM-user-id-1  -       Identity not found
azvm-2   AZVM-user-id-2  -       Identity not found
azvm-2   AZVM-user-id-3  azkv-1   403  200   200      403     403       200
azvm-2   AZVM-user-id-3  azkv-2   403  403   403      200     200       200
azvm-2   AZVM-id-2       azkv-1   403  403   403      403     403       403
azvm-2   AZVM-id-2       azkv-2   200  200   403      403     403       403
`

/** Tries everything as the identities in its arguments, each `name query`, on both vaults. */
const TRY_ALL = `
machine=$(hostname)
for one in "$@"; do
  name=\${one%% *}
  ask="http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net\${one#* }"
  reply=$(curl -s "$ask" -H Metadata:true)
  access_token=$(echo "$reply" | jq -r '.access_token // empty')
  if [ -z "$access_token" ]; then
    echo "$machine $name - $(echo "$reply" | jq -r .error_description)"
    continue
  fi
  try() { curl -s -o /dev/null -w ' %{http_code}' -H "Authorization: Bearer \${access_token}" "$@"; }
  for vault in azkv-1 azkv-2; do
    at=https://$vault.vault.azure.net
    number=\${vault#azkv-}
    printf '%s %s %s' "$machine" "$name" "$vault"
    try "$at/keys?api-version=7.3"
    try "$at/keys/key-$((number * 2))?api-version=7.3"
    try "$at/keys/key-$((number * 2))/sign?api-version=7.3" -H 'Content-Type: application/json' \\
      -d '{"alg":"RS256","value":"n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"}'
    try "$at/secrets?api-version=7.3"
    try "$at/secrets/secret-$number?api-version=7.3"
    try "$at/secrets/password?api-version=7.3"
    echo
  done
done
`

describe('Lab B: every identity reaches what it was granted, from the machines that carry it', () => {
  let locum: Locum
  let machines: readonly Machine[]
  let user: readonly [Principal, Principal, Principal]
  let vaults: readonly Vault[]

  before(async () => {
    locum = await startLocum()
    const estate = await makeGroup(locum, 'lab-b')
    user = [
      await estate.identity('AZVM-user-id-1'),
      await estate.identity('AZVM-user-id-2'),
      await estate.identity('AZVM-user-id-3'),
    ]
    const [one, two, shared] = user
    const first = await estate.machine('azvm-1', { user })
    const second = await estate.machine('azvm-2', { user: [shared] })
    machines = [first, second]
    const byRoles = await estate.vault('azkv-1')
    const byPolicies = await estate.vault('azkv-2', [
      { objectId: two.principalId, permissions: { keys: ['list', 'get', 'sign'] } },
      { objectId: shared.principalId, permissions: { secrets: ['list', 'get'] } },
      { objectId: second.own?.principalId ?? '', permissions: { keys: ['list', 'get'] } },
    ])
    vaults = [byRoles, byPolicies]
    await grant(locum, 'Key Vault Reader', first.own?.principalId ?? '', byRoles.id)
    await grant(locum, 'Key Vault Secrets User', one.principalId, byRoles.id)
    for (const [role, object] of [
      ['Key Vault Crypto User', 'keys/key-2'],
      ['Key Vault Secrets User', 'secrets/password'],
    ] as const) {
      await grant(locum, role, shared.principalId, `${byRoles.id}/${object}`)
    }
    for (const [at, vault] of vaults.entries()) {
      await estate.key(vault, `key-${at * 2 + 1}`)
      await estate.key(vault, `key-${at * 2 + 2}`)
      await estate.secret(vault, `secret-${at + 1}`, `secret of ${vault.name}`)
      await estate.secret(vault, 'password', `password of ${vault.name}`)
    }
  })
  after(() => locum?.remove())

  it('holds for every machine, identity, vault and operation', async () => {
    const named = selectors()
    const rows: string[] = []
    for (const { name, own } of machines) {
      const others = named.filter(({ principal }) => principal !== own)
      const mine = named.filter(({ principal }) => principal === own)
      const asked = [
        ...mine.map((one) => `${one.name} `), // a machine's own identity needs no name
        ...others.map((one) => `${one.name} ${one.query}`),
      ]
      rows.push(await locum.exec(name, ['sh', '-c', TRY_ALL, 'sh', ...asked]))
    }
    assert.deepEqual(table(rows.join('')).sort(), table(EXPECTED).slice(1).sort())
  })

  it('is the same identity by each of its names', async () => {
    const [one] = user
    const subjects: unknown[] = []
    for (const query of [
      `&client_id=${one.clientId}`,
      `&object_id=${one.principalId}`,
      `&principal_id=${one.principalId}`,
      `&msi_res_id=${one.id}`,
      `&mi_res_id=${one.id}`,
      `&msi_res_id=${one.id.toUpperCase()}`,
    ]) {
      const token = await locum.exec('azvm-1', askFor(query))
      subjects.push(claimsOf(token).oid)
    }
    assert.deepEqual(new Set(subjects), new Set([one.principalId]))
  })

  it('says in the token which identity, and on which machine', async () => {
    const [, , shared] = user
    for (const { name, id } of machines) {
      const claims = claimsOf(await locum.exec(name, askFor(`&client_id=${shared.clientId}`)))
      assert.equal(claims.oid, shared.principalId)
      assert.equal(claims.xms_mirid, inToken(shared.id))
      assert.equal(claims.xms_az_rid, inToken(id))
    }
  })

  it('reads the very values that were set, and lists each vault by its own names', async () => {
    const [one] = user
    const printed = await locum.exec(
      'azvm-1',
      `access_token=$(${askFor(`&client_id=${one.clientId}`)})
curl -s https://azkv-1.vault.azure.net/secrets/secret-1?api-version=7.3 -H "Authorization: Bearer \${access_token}" | jq -r .value
curl -s https://azkv-1.vault.azure.net/secrets?api-version=7.3 -H "Authorization: Bearer \${access_token}" | jq -r '.value[].id'`,
    )
    assert.deepEqual(printed.trim().split('\n'), [
      'secret of azkv-1',
      'https://azkv-1.vault.azure.net/secrets/password',
      'https://azkv-1.vault.azure.net/secrets/secret-1',
    ])
  })

  /** Identities, each by another of the ways to name one. */
  function selectors() {
    const [first, second] = machines
    const [one, two, shared] = user
    const rows = [
      { name: 'AZVM-id-1', principal: first?.own, by: 'client_id' },
      { name: 'AZVM-user-id-1', principal: one, by: 'client_id' },
      { name: 'AZVM-user-id-2', principal: two, by: 'object_id' },
      { name: 'AZVM-user-id-3', principal: shared, by: 'msi_res_id' },
      { name: 'AZVM-id-2', principal: second?.own, by: 'object_id' },
    ] as const
    return rows.map((row) => {
      const value = {
        client_id: row.principal?.clientId,
        object_id: row.principal?.principalId,
        msi_res_id: row.principal?.id,
      }[row.by]
      return { ...row, query: `&${row.by}=${value}` }
    })
  }
})

/** Tokens write resource ids so. */
function inToken(id: string): string {
  return id.replace('/resourceGroups/', '/resourcegroups/')
}

function askFor(query: string): string {
  return `curl -s "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net${query}" -H Metadata:true | jq -r .access_token`
}

/** Rows; blanks do not matter. */
function table(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
}
