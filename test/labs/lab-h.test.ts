/**
 * Lab H: the estate of Lab B from one template, and again from the same template to no change.
 *
 * Two machines, each with an identity of its own, three user-assigned identities of which the third
 * is on both machines, a vault by roles and a vault by access policies, grants that cross over.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { at, makeGroup } from '../estate.ts'
import { type Locum, startLocum, until } from '../locum.ts'
import type { Body } from '../owner.ts'

const TEMPLATE: Body = JSON.parse(
  readFileSync(join(import.meta.dirname, 'lab-h.template.json'), 'utf8'),
)
const VERSION = '2024-11-01'
const PASSWORD = 'myPassword12-of-lab-h'

/** Status of the secret `password` in each vault, of `key-2` in the first, of keys in the second. */
const TRY = `
for query in "$@"; do
  access_token=$(curl -s "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net\${query#-}" -H Metadata:true | jq -r '.access_token // empty')
  for path in -kv-1.vault.azure.net/secrets/password -kv-1.vault.azure.net/keys -kv-1.vault.azure.net/keys/key-2 -kv-2.vault.azure.net/secrets/password -kv-2.vault.azure.net/keys; do
    printf '%s ' $(curl -s -o /dev/null -w '%{http_code}' "https://labh$path?api-version=7.4" -H "Authorization: Bearer \${access_token}")
  done
  echo
done
`

describe('Lab H: the estate from one template', () => {
  let locum: Locum
  let deployment: string
  let ended: Body

  const body = {
    properties: {
      mode: 'Incremental',
      template: TEMPLATE,
      parameters: { prefix: { value: 'labh' }, adminPassword: { value: PASSWORD } },
    },
  }

  before(async () => {
    locum = await startLocum()
    const estate = await makeGroup(locum, 'lab-h')
    deployment = `${estate.group}/providers/Microsoft.Resources/deployments/estate`
    await locum.owner.done('PUT', at(deployment, VERSION), body)
    ended = (await locum.owner.done('GET', at(deployment, VERSION))).body.properties
    for (const vault of ['labh-kv-1', 'labh-kv-2'].map((name) => ({ id: '', name }))) {
      await estate.secret(vault, 'password', `password of ${vault.name}`)
      await estate.key(vault, 'key-2')
    }
  })
  after(() => locum?.remove())

  it('is all there, and says so', () => {
    assert.equal(ended.provisioningState, 'Succeeded', JSON.stringify(ended.error))
    // By the names under which the deployer reaches it: a client on the host, here.
    const uri = locum.status.endpoints.vault?.replace('{name}', 'labh-kv-1')
    assert.equal(ended.outputs.firstVaultUri.value, `${uri}/`)
    assert.equal(ended.outputs.clientIds.value.length, 3)
    assert.equal(ended.outputResources.length, 12)
    assert.deepEqual(ended.parameters.adminPassword, { type: 'SecureString' })
    assert.ok(!JSON.stringify(ended).includes(PASSWORD))
  })

  it('reaches what each identity was granted, from the machines that carry it', async () => {
    const [one, two, three] = ended.outputs.clientIds.value
    const queries = ['-', ...[one, two, three].map((id: string) => `&client_id=${id}`)]
    const first = await locum.exec('labh-vm-1', ['sh', '-c', TRY, 'sh', ...queries])
    assert.deepEqual(table(first), [
      '403 200 200 403 403', // its own: Key Vault Reader on the first vault
      '200 403 403 403 403', // the first: Key Vault Secrets User there
      '403 403 403 403 200', // the second: keys of the second vault
      '200 403 200 200 403', // the third: one secret and one key of the first, secrets of the second
    ])
    const second = await locum.exec('labh-vm-2', ['sh', '-c', TRY, 'sh', '-', queries[3] ?? ''])
    assert.deepEqual(table(second), ['403 403 403 403 200', '200 403 200 200 403'])
  })

  it('deployed again is the same estate', async () => {
    await locum.owner.done('PUT', at(deployment, VERSION), body)
    const again = (await locum.owner.done('GET', at(deployment, VERSION))).body.properties
    assert.equal(again.provisioningState, 'Succeeded', JSON.stringify(again.error))
    assert.deepEqual(again.outputs, ended.outputs)
    assert.equal(again.templateHash, ended.templateHash)
  })

  it('goes on where it was after kill -9', async () => {
    const name = deployment.replace(/estate$/, 'killed')
    const asked = structuredClone(body)
    asked.properties.parameters.prefix.value = 'killed'
    const begun = await locum.owner.arm('PUT', at(name, VERSION), asked)
    assert.equal(begun.status, 201)
    await locum.kill()
    await locum.start()
    await until(async () => {
      const { properties } = (await locum.owner.done('GET', at(name, VERSION))).body
      return !['Accepted', 'Running'].includes(properties.provisioningState)
    })
    const { properties } = (await locum.owner.done('GET', at(name, VERSION))).body
    assert.equal(properties.provisioningState, 'Succeeded', JSON.stringify(properties.error))
  })
})

function table(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim())
}
