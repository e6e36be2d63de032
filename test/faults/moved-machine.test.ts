/**
 * A machine that moves to another group has its files there, though the daemon is killed while it
 * moves; a vault has what it holds. What is made anew under an old name has nothing of the old one.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { at, type Estate, makeGroup, VERSIONS } from '../estate.ts'
import { type Locum, startLocum, until } from '../locum.ts'

const MOVE_VERSION = '2021-04-01'
const FILE = '/home/azureuser/file'

describe('a machine and a vault, moved as the daemon is killed', () => {
  let locum: Locum
  let from: Estate
  let to: Estate
  let skip: string | undefined

  const stateOf = async (name: string) =>
    (await locum.statusNow()).machines.find((machine) => machine.name === name)?.state

  before(async () => {
    locum = await startLocum()
    const { works, because } = locum.status.sandbox
    if (!works) skip = `SANDBOX TESTS SKIPPED: ${because}`
    if (skip) return
    from = await makeGroup(locum, 'from')
    to = await makeGroup(locum, 'to')
    await from.machine('nomad')
    const vault = await from.vault('nomadic-vault')
    await from.secret(vault, 'password', 'correct horse')
    await locum.exec('nomad', `echo kept > ${FILE}`, { root: true })
    const asked = locum.owner.arm('POST', at(`${from.group}/moveResources`, MOVE_VERSION), {
      resources: [
        `${from.group}/providers/Microsoft.Compute/virtualMachines/nomad`,
        `${from.group}/providers/Microsoft.KeyVault/vaults/nomadic-vault`,
      ],
      targetResourceGroup: to.group,
    })
    assert.equal((await asked).status, 202)
    await locum.kill()
    await locum.start()
    await until(async () => (await stateOf('nomad')) === 'running')
  })
  after(() => locum?.remove())

  it('has its files at its new place, and one folder of them', async (t) => {
    if (skip) return t.skip(skip)
    const { body } = await locum.owner.arm(
      'GET',
      at(`${to.group}/providers/Microsoft.Compute/virtualMachines/nomad`, VERSIONS.machine),
    )
    assert.equal(await locum.exec('nomad', `cat ${FILE}`, { root: true }), 'kept\n')
    const folders = readdirSync(join(locum.folder, 'machines')).filter((name) => name !== 'trust')
    assert.deepEqual(folders, [`nomad-${body.properties.vmId}`])
  })

  it('opens with what it held', async (t) => {
    if (skip) return t.skip(skip)
    const path = at('/secrets/password', VERSIONS.secrets)
    // The owner's role was assigned on the vault where it was: it stayed there.
    assert.equal((await locum.owner.vault('nomadic-vault', 'GET', path)).status, 403)
    const { done } = locum.owner
    const moved = `${to.group}/providers/Microsoft.KeyVault/vaults/nomadic-vault`
    const properties = { enableRbacAuthorization: false, accessPolicies: [everything()] }
    await done('PATCH', at(moved, VERSIONS.vault), { properties })
    const read = await locum.owner.vault('nomadic-vault', 'GET', path)
    assert.equal(read.body.value, 'correct horse')
  })

  it('leaves nothing to a machine that is made anew under its name', async (t) => {
    if (skip) return t.skip(skip)
    const id = `${to.group}/providers/Microsoft.Compute/virtualMachines/nomad`
    await locum.owner.done('DELETE', at(id, VERSIONS.machine))
    await (await makeGroup(locum, 'to')).machine('nomad')
    const looked = await locum.exec('nomad', `ls ${FILE} 2>/dev/null || echo none`, { root: true })
    assert.equal(looked, 'none\n')
    const folders = readdirSync(join(locum.folder, 'machines')).filter((name) => name !== 'trust')
    assert.equal(folders.length, 1)
  })

  it('has its files from when folders were named by the place of their machine', async (t) => {
    if (skip) return t.skip(skip)
    await locum.exec('nomad', `echo older > ${FILE}`, { root: true })
    await locum.stop()
    const folder = join(locum.folder, 'machines')
    const present = readdirSync(folder).find((name) => name.startsWith('nomad-')) ?? ''
    const id = `${to.group}/providers/Microsoft.Compute/virtualMachines/nomad`.toLowerCase()
    const digits = createHash('sha256').update(id).digest('hex').slice(0, 12)
    renameSync(join(folder, present), join(folder, `nomad-${digits}`))
    await locum.start()
    await until(async () => (await stateOf('nomad')) === 'running')
    assert.equal(await locum.exec('nomad', `cat ${FILE}`, { root: true }), 'older\n')
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('nomad')),
      [present],
    )
  })

  function everything(): object {
    const { tenantId, owner } = locum.status
    return { tenantId, objectId: owner.objectId, permissions: { secrets: ['all'] } }
  }
})
