/**
 * Lab H as one types it: the estate by `az deployment group create`, twice, and a template that is
 * wrong. What it must give is the same as by plain HTTP, in `lab-h.test.ts`.
 */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'
import type { Body } from '../owner.ts'
import { KEEP_TOKEN, listKeys } from './tutorial.ts'

const TEMPLATE = join(import.meta.dirname, 'lab-h.template.json')
const DEPLOY = `az deployment group create --resource-group lab-h --template-file ${TEMPLATE} --parameters prefix=labh adminPassword=myPassword12-of-lab-h`

describe('Lab H: az deploys the estate from one template', () => {
  let locum: Locum
  let az: Az
  let first: Body

  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    await az.text(`${SIGN_IN} && az group create --name lab-h --location westeurope`)
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('creates it', async () => {
    const { name, properties } = await az.json(DEPLOY)
    first = properties
    assert.equal(name, 'lab-h.template')
    assert.equal(first.provisioningState, 'Succeeded')
    assert.equal(first.outputs.firstVaultUri.value, 'https://labh-kv-1.vault.azure.net/')
    assert.deepEqual(await resources(), [
      'labh-kv-1',
      'labh-kv-2',
      'labh-user-id-1',
      'labh-user-id-2',
      'labh-user-id-3',
      'labh-vm-1',
      'labh-vm-2',
    ])
  })

  it('gives the machines what the template grants, and no more', async () => {
    await az.text('az keyvault key create --vault-name labh-kv-1 --name keyname')
    const keys = JSON.parse(await inMachine('labh-vm-1', 'labh-kv-1'))
    assert.deepEqual(
      keys.value.map(({ kid }: Body) => kid),
      ['https://labh-kv-1.vault.azure.net/keys/keyname'],
    )
    const byRole = JSON.parse(await inMachine('labh-vm-2', 'labh-kv-1'))
    assert.equal(byRole.error.innererror.code, 'ForbiddenByRbac')
    const byPolicy = JSON.parse(await inMachine('labh-vm-1', 'labh-kv-2'))
    assert.equal(byPolicy.error.innererror.code, 'ForbiddenByPolicy')
    assert.deepEqual(JSON.parse(await inMachine('labh-vm-2', 'labh-kv-2')).value, [])
  })

  it('changes nothing when it is deployed again', async () => {
    const { properties } = await az.json(DEPLOY)
    assert.equal(properties.provisioningState, 'Succeeded')
    assert.deepEqual(properties.outputs, first.outputs)
    assert.equal((await resources()).length, 7)
  })

  it('is told beforehand that nothing would change, and what a changed parameter would', async () => {
    const told = async (more = '') => {
      const whatIf = `${DEPLOY.replace('group create', 'group what-if')} ${more}`
      const { changes } = await az.json(`${whatIf} --no-pretty-print`)
      return changes
        .filter(({ changeType }: Body) => !['NoChange', 'Ignore'].includes(changeType))
        .map(({ resourceId, delta }: Body) => [
          resourceId.split('/').at(-1),
          ...delta.map(({ path }: Body) => path),
        ])
    }
    assert.deepEqual(await told(), [])
    assert.deepEqual(await told('vmSize=Standard_D2s_v5'), [
      ['labh-vm-1', 'properties.hardwareProfile.vmSize'],
      ['labh-vm-2', 'properties.hardwareProfile.vmSize'],
    ])
  })

  const wrong: [what: string, find: string, put: string, message: RegExp][] = [
    [
      'calls a function that there is not',
      'resourceGroup().location',
      'nosuch().location',
      /^ERROR: \{"code": "InvalidTemplate", "message": "Deployment template validation failed: .*The template function 'nosuch' is not valid\./,
    ],
    [
      'depends on what is not in it',
      '"dependsOn": ["identities"]',
      '"dependsOn": ["Microsoft.Compute/disks/none"]',
      /^ERROR: \{"code": "InvalidTemplate", "message": "Deployment template validation failed: 'The resource 'Microsoft\.Compute\/disks\/none' is not defined in the template\./,
    ],
  ]
  for (const [what, find, put, message] of wrong) {
    it(`deploys nothing of a template that ${what}`, async () => {
      const file = join(locum.folder, 'wrong.json')
      const text = readFileSync(TEMPLATE, 'utf8')
      assert.ok(text.includes(find))
      writeFileSync(file, text.replace(find, put))
      const line = DEPLOY.replace(TEMPLATE, file).replace('prefix=labh', 'prefix=wrong')
      const { code, stdout, stderr } = await az.run(line)
      rmSync(file)
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.match(stderr, message)
      assert.equal((await resources()).length, 7)
    })
  }

  it('says which parameter is missing, and what is wrong with another', async () => {
    const short = await az.run(DEPLOY.replace('prefix=labh', 'prefix=x'))
    assert.equal(short.code, 1)
    assert.match(short.stderr, /Length of the value should be greater than or equal to '3'/)
    const missing = await az.run(DEPLOY.replace(/adminPassword=\S+/, ''))
    assert.deepEqual(
      [missing.code, missing.stderr],
      [1, 'ERROR: Missing input parameters: adminPassword\n'],
    )
  })

  /** Without the disks that machines bring along. */
  async function resources(): Promise<string[]> {
    const query = `"[?type!='Microsoft.Compute/disks'].name"`
    return (await az.json(`az resource list --resource-group lab-h --query ${query}`)).sort()
  }

  function inMachine(vm: string, vault: string): Promise<string> {
    return locum.exec(vm, `${KEEP_TOKEN}\n${listKeys(vault)}`)
  }
})
