/**
 * What was wanted survives the daemon: killed in an instant and started again, it has the same
 * machines running, the same identities, grants and secrets, and honours the tokens it gave.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, type Estate, grant, type Machine, makeGroup, type Vault, VERSIONS } from '../estate.ts'
import { type Locum, startLocum, until } from '../locum.ts'
import { claimsOf } from './tutorial.ts'

const ASK =
  'curl -s "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net" -H Metadata:true | jq -r .access_token'

describe('a daemon that is killed and started again', () => {
  let locum: Locum
  let estate: Estate
  let vault: Vault
  let running: Machine
  let stopped: Machine
  let oldToken: string

  before(async () => {
    locum = await startLocum()
    estate = await makeGroup(locum, 'restart')
    running = await estate.machine('running')
    stopped = await estate.machine('stopped')
    vault = await estate.vault('restart-vault')
    await estate.secret(vault, 'password', 'correct horse')
    await grant(locum, 'Key Vault Secrets User', running.own?.principalId ?? '', vault.id)
    await locum.owner.done('POST', at(`${stopped.id}/deallocate`, VERSIONS.machine))
    oldToken = (await locum.exec('running', ASK)).trim()
    await locum.exec('running', 'echo kept > /home/azureuser/file', { root: true })
    await locum.kill()
  })
  after(() => locum?.remove())

  it('says so while it is down', async () => {
    const ran = await locum.run(['status'])
    assert.equal(ran.code, 3)
    assert.match(ran.stderr, /^locum: /)
  })

  it('runs the machines that should run, and no others', async () => {
    await locum.start()
    await until(async () =>
      (await locum.statusNow()).machines.every(({ state }) => state !== 'starting'),
    )
    const { machines } = await locum.statusNow()
    assert.deepEqual(Object.fromEntries(machines.map(({ name, state }) => [name, state])), {
      running: 'running',
      stopped: 'stopped',
    })
    const refused = await locum.run(['exec', 'stopped', '--', 'true'])
    assert.equal(refused.code, 125)
    assert.match(refused.stderr, /restart\/stopped is stopped/)
  })

  it('has the same identities', async () => {
    for (const { id, own } of [running, stopped]) {
      const { body } = await locum.owner.done('GET', at(id, VERSIONS.machine))
      assert.equal(body.identity.principalId, own?.principalId)
    }
  })

  it('honours the token it gave before, and gives new ones that reach as far', async () => {
    const renewed = (await locum.exec('running', ASK)).trim()
    assert.equal(claimsOf(renewed).oid, running.own?.principalId)
    for (const token of [oldToken, renewed]) {
      const { stdout } = await locum.run([
        ...['exec', 'running', '--', 'curl', '-s', '-H', `Authorization: Bearer ${token}`],
        'https://restart-vault.vault.azure.net/secrets/password?api-version=7.4',
      ])
      assert.equal(JSON.parse(stdout).value, 'correct horse')
    }
  })

  it("keeps what is in a machine's home", async () => {
    const read = await locum.exec('running', 'cat /home/azureuser/file', { root: true })
    assert.equal(read, 'kept\n')
  })

  it('starts the stopped one when asked, with its identity', async () => {
    await locum.owner.done('POST', at(`${stopped.id}/start`, VERSIONS.machine))
    const token = (await locum.exec('stopped', ASK)).trim()
    assert.equal(claimsOf(token).oid, stopped.own?.principalId)
  })

  it('ends well when asked to, and leaves no process', async () => {
    const { pid } = await locum.statusNow()
    await locum.stop()
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  })
})
