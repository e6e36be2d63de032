/**
 * A user signs in with the libraries that Azure's clients sign in with: MSAL for JavaScript and for
 * Python, by password, device, browser and on behalf of. Nothing is set and nothing switched off.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { CLONE, type Locum, startLocum, succeeded } from '../locum.ts'
import { type ApplicationWithSecret, addApplication } from './application.ts'

const PYTHON = join(CLONE, '.venv', 'bin', 'python')
const skip = !existsSync(PYTHON) && `there is no ${PYTHON}: node setup/setup.ts --tests makes it`
const OWNER = 'owner@locum.onmicrosoft.com'

describe('a user signs in', () => {
  let locum: Locum
  let service: ApplicationWithSecret
  let environment: Record<string, string>

  before(async () => {
    locum = await startLocum()
    const [, password = ''] = /^ {2}password +(\S+)/m.exec(locum.firstWords) ?? []
    environment = { USER_NAME: OWNER, USER_PASSWORD: password }
    service = await addApplication(locum)
  })
  after(() => locum?.remove())

  it('with MSAL for JavaScript', async () => {
    const command = [process.execPath, 'test/sdk/programs/sign-in.ts']
    const seen = await run([...command, service.clientId, service.secret])
    const arm = [OWNER, '0', 'https://management.azure.com', 'user_impersonation', true]
    assert.deepEqual(seen, {
      users: {
        first: arm,
        refreshed: [OWNER, '0', 'https://vault.azure.net', 'user_impersonation', true],
        byDevice: arm,
        gotByCode: arm,
        onBehalf: [OWNER, '1', 'https://vault.azure.net', 'user_impersonation', true],
      },
      account: [OWNER, locum.status.tenantId],
      cached: true,
      state: 'state-1',
      armAnswers: 200,
      codeAgain: ['invalid_grant', 'AADSTS54005'],
      wrongPassword: ['invalid_grant', 'AADSTS50126'],
    })
  })

  it('with MSAL for Python', { skip }, async () => {
    const command = [PYTHON, 'test/sdk/programs/sign_in.py']
    const seen = await run([...command, service.clientId, service.secret])
    const good = [OWNER, 'Bearer', null]
    assert.deepEqual(seen, {
      ways: { first: good, device: good, code: good, onBehalf: good },
      account: OWNER,
      refreshed: true,
      wrong: ['invalid_grant', [50126]],
    })
  })

  it('and finds the password nowhere again', async () => {
    assert.ok(!JSON.stringify(await locum.statusNow()).includes(environment.USER_PASSWORD ?? '-'))
    const found = await locum.run([
      'shell',
      '--',
      'grep',
      '-rFlae',
      environment.USER_PASSWORD ?? '-',
      locum.folder,
    ])
    assert.deepEqual([found.code, found.stdout], [1, ''])
  })

  async function run(command: readonly string[]) {
    const ran = await locum.run(['shell', '--', ...command], { environment })
    return JSON.parse(succeeded(ran).stdout)
  }
})
