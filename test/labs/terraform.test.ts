/**
 * Terraform, unmodified, in `locum shell`: the estate of docs/guides/terraform is applied, planned to
 * no change, used from its machine, changed in place and destroyed.
 *
 * Terraform's provider for Azure comes from its registry, or from where the configuration of the
 * person who runs this (TF_CLI_CONFIG_FILE) says. Where neither is to be had, this is skipped.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { CLONE, type Locum, type Ran, startLocum, succeeded } from '../locum.ts'

const ESTATE = join(CLONE, 'docs', 'guides', 'terraform', 'main.tf')
/** The provider waits two minutes for the name of a new vault, whoever answers. */
const LIMIT_MS = 600_000

/** What the machine sees as each identity: the secret for one, a refusal for the other. */
const READ = `
token() { curl -sS -H Metadata:true "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net$1" | jq -r .access_token; }
read_as() { curl -sS https://from-terraform.vault.azure.net/secrets/greeting?api-version=7.4 -H "Authorization: Bearer $(token "$1")" | jq -r '.value // .error.innererror.code'; }
read_as "&client_id=$1"
read_as ""
`

const folder = mkdtempSync(join(tmpdir(), 'locum-terraform-'))
const argvOf = (line: string) => [`-chdir=${folder}`, ...line.split(' '), '-no-color']
copyFileSync(ESTATE, join(folder, 'main.tf'))

describe('Terraform', { skip: missing(), timeout: 3 * LIMIT_MS }, () => {
  let locum: Locum
  const terraform = (line: string): Promise<Ran> =>
    locum.run(['shell', '--', 'terraform', ...argvOf(line)], { limitMs: LIMIT_MS })
  before(async () => {
    locum = await startLocum()
  })
  after(() => locum?.remove())

  it('makes the estate, whose identities reach what they were granted', async () => {
    const applied = succeeded(await terraform('apply -auto-approve'))
    assert.match(applied.stdout, /Apply complete! Resources: 10 added, 0 changed, 0 destroyed\./)
    const { stdout: clientId } = succeeded(await terraform('output -raw client_id'))
    const seen = await locum.exec('terraform-vm', ['sh', '-c', READ, 'sh', clientId])
    assert.equal(seen, 'Hello from Terraform.\nForbiddenByRbac\n')
  })

  it('then plans no change', async () => {
    const planned = await terraform('plan -detailed-exitcode')
    assert.equal(planned.code, 0, planned.stdout)
    assert.match(planned.stdout, /No changes\. Your infrastructure matches the configuration\./)
  })

  it('changes in place what changes', async () => {
    const size = 'Standard_B2s'
    const applied = succeeded(await terraform(`apply -auto-approve -var size=${size}`))
    assert.match(applied.stdout, /Apply complete! Resources: 0 added, 1 changed, 0 destroyed\./)
    const planned = await terraform(`plan -detailed-exitcode -var size=${size}`)
    assert.equal(planned.code, 0, planned.stdout)
  })

  it('leaves nothing', async () => {
    const destroyed = succeeded(await terraform('destroy -auto-approve'))
    assert.match(destroyed.stdout, /Destroy complete! Resources: 10 destroyed\./)
    const groups = await locum.owner.done(
      'GET',
      `/subscriptions/${locum.status.subscriptionId}/resourceGroups?api-version=2024-11-01`,
    )
    assert.deepEqual(groups.body.value, [])
  })
})

after(() => rmSync(folder, { recursive: true, force: true }))

/** Why this cannot run here, if it cannot. */
function missing(): string | false {
  const run = (line: string) => spawnSync('terraform', argvOf(line), { encoding: 'utf8' })
  // With a provider that was built here, there is nothing to fetch, and this may fail.
  const fetched = run('init -input=false')
  if (fetched.error) return 'terraform is not installed'
  return run('validate').status === 0 ? false : 'the provider azurerm cannot be had'
}
