/**
 * An application that trusts a managed identity, as Azure's guide sets it up: the issuer is the
 * tenant's own, the subject the identity's principal. In the machine, the Azure SDKs for JavaScript
 * and Python exchange the identity's token for one of the application.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { makeGroup, type Principal } from '../estate.ts'
import { CLONE, type Locum, startLocum } from '../locum.ts'
import { type Body, good } from '../owner.ts'

const PYTHON = join(CLONE, '.venv', 'bin', 'python')
const skip = !existsSync(PYTHON) && `there is no ${PYTHON}: node setup/setup.ts --tests makes it`

describe('an application that trusts a managed identity', () => {
  let locum: Locum
  let identity: Principal
  let application: Body
  let principal: Body

  before(async () => {
    locum = await startLocum()
    const estate = await makeGroup(locum, 'federated')
    identity = await estate.identity('worker')
    await estate.machine('worker-vm', { system: false, user: [identity] })
    application = await graph('/applications', { displayName: 'trusting' })
    principal = await graph('/servicePrincipals', { appId: application.appId })
    await graph(`/applications/${application.id}/federatedIdentityCredentials`, {
      name: 'worker',
      issuer: `https://login.microsoftonline.com/${locum.status.tenantId}/v2.0`,
      subject: identity.principalId,
      audiences: ['api://AzureADTokenExchange'],
    })
  })
  after(() => locum?.remove())

  it('lets it in by the SDK for JavaScript', async () => {
    await assertLetIn([process.execPath, 'test/sdk/programs/federated.ts'])
  })

  it('lets it in by the SDK for Python', { skip }, async () => {
    await assertLetIn([PYTHON, 'test/sdk/programs/federated.py'])
  })

  async function assertLetIn(command: readonly string[]): Promise<void> {
    const { tenantId } = locum.status
    const facts = [tenantId, application.appId, identity.clientId]
    const seen = JSON.parse(await locum.exec('worker-vm', [...command, ...facts]))
    assert.deepEqual(seen, {
      assertion: [
        `https://login.microsoftonline.com/${tenantId}/v2.0`,
        'fb60f99c-7a34-4190-8149-302f77469936',
        identity.principalId,
      ],
      byAssertion: principal.id,
      byFile: principal.id,
    })
  }

  async function graph(path: string, body: object): Promise<Body> {
    const { graph: origin = '' } = locum.status.endpoints
    const headers = {
      authorization: `Bearer ${await locum.owner.token(origin)}`,
      'content-type': 'application/json',
    }
    const url = `${origin}/v1.0${path}`
    const sent = { headers, body: JSON.stringify(body) }
    return good(await locum.owner.send('POST', url, sent), url).body
  }
})
