import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import type { Asked } from '../../http/test-door.ts'
import { GRAPH, openTestDirectory, type TestDirectory } from './test-directory.ts'

describe('an owner', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  const person = async (name: string, scopes?: string) => {
    const user = await directory.user(name)
    const headers = await directory.signedIn(user, scopes)
    const ask = (method: Asked['method'], path: string, body?: unknown) =>
      directory.ask(method, path, { headers, body })
    return { user, ask }
  }
  const group = (displayName: string) => ({
    displayName,
    mailEnabled: false,
    mailNickname: displayName,
    securityEnabled: true,
  })

  it('is every user who registers an application: of it and of its service principal, and of no other', async () => {
    const ada = await person('Ada')
    const bea = await person('Bea')
    const made = await ada.ask('POST', '/applications', { displayName: 'mine' })
    assert.equal(made.status, 201)
    const path = `/applications/${made.body.id}`
    const owners = await directory.done('GET', `${path}/owners`)
    assert.deepEqual(
      owners.value.map(({ id }: { id: string }) => id),
      [ada.user.objectId],
    )
    const { appId } = made.body
    assert.equal((await bea.ask('POST', '/servicePrincipals', { appId })).status, 403)
    const principal = await ada.ask('POST', '/servicePrincipals', { appId })
    assert.equal(principal.status, 201)
    const own = `/servicePrincipals/${principal.body.id}`
    const rename = async () => (await bea.ask('PATCH', path, { displayName: 'beas' })).status
    const ref = reference(bea.user.objectId)
    assert.equal((await ada.ask('POST', `${path}/owners/$ref`, ref)).status, 204)
    assert.equal(await rename(), 204)
    const removal = `${path}/owners/${bea.user.objectId}/$ref`
    assert.equal((await ada.ask('DELETE', removal)).status, 204)
    assert.equal(await rename(), 403)
    for (const [method, at, body] of [
      ['PATCH', path, { displayName: 'ours' }],
      ['PATCH', `/applications(appId='${appId}')`, { displayName: 'ours' }],
      ['POST', `${path}/addPassword`, {}],
      ['PATCH', own, { notes: 'n' }],
      ['DELETE', own, undefined],
      ['DELETE', path, undefined],
    ] as const) {
      assert.equal((await bea.ask(method, at, body)).status, 403, `${method} ${at}`)
      assert.ok((await ada.ask(method, at, body)).status < 300, `${method} ${at}`)
    }
  })

  it('is nobody by being an administrator, who makes applications for others', async () => {
    const { id } = await directory.done('POST', '/applications', { displayName: 'official' })
    assert.deepEqual((await directory.done('GET', `/applications/${id}/owners`)).value, [])
    const made = await directory.done('POST', '/groups', group('official'))
    assert.deepEqual((await directory.done('GET', `/groups/${made.id}/owners`)).value, [])
  })

  it('of a group chooses its members', async () => {
    const ida = await person('Ida')
    const joan = await person('Joan')
    const made = await ida.ask('POST', '/groups', group('idas'))
    assert.equal(made.status, 201)
    const members = `/groups/${made.body.id}/members/$ref`
    assert.equal((await joan.ask('POST', members, reference(joan.user.objectId))).status, 403)
    assert.equal((await ida.ask('POST', members, reference(joan.user.objectId))).status, 204)
    assert.equal(
      (await ida.ask('PATCH', `/groups/${made.body.id}`, { description: 'd' })).status,
      204,
    )
    assert.equal((await joan.ask('DELETE', `/groups/${made.body.id}`)).status, 403)
    assert.equal((await ida.ask('DELETE', `/groups/${made.body.id}`)).status, 204)
  })

  it('acts through a client no further than the scopes of its token', async () => {
    const reader = await person('Kim', 'Application.Read.All Group.Read.All')
    assert.equal((await reader.ask('POST', '/applications', { displayName: 'k' })).status, 403)
    assert.equal((await reader.ask('POST', '/groups', group('k'))).status, 403)
    const made = await directory.done('POST', '/applications', {
      displayName: 'kims',
      'owners@odata.bind': [reference(reader.user.objectId)['@odata.id']],
    })
    const path = `/applications/${made.id}`
    assert.equal((await reader.ask('PATCH', path, { displayName: 'k' })).status, 403)
    const headers = await directory.signedIn(reader.user, 'Application.ReadWrite.All')
    const written = await directory.ask('PATCH', path, { headers, body: { displayName: 'k' } })
    assert.equal(written.status, 204)
  })

  it('may be an application with the permission for what it owns, and not one without it', async () => {
    const builder = await directory.principalWith('Application.ReadWrite.OwnedBy')
    const made = await directory.ask('POST', '/applications', {
      as: builder,
      body: { displayName: 'built' },
    })
    assert.equal(made.status, 201)
    const path = `/applications/${made.body.id}`
    const rename = (as: ServicePrincipal, at = path) =>
      directory.ask('PATCH', at, { as, body: { displayName: 'rebuilt' } })
    assert.equal((await rename(builder)).status, 204)
    const other = await directory.done('POST', '/applications', { displayName: 'other' })
    assert.equal((await rename(builder, `/applications/${other.id}`)).status, 403)
    const idle = await directory.principalWith()
    await directory.done('POST', `${path}/owners/$ref`, reference(idle.objectId))
    assert.equal((await rename(idle)).status, 403)
  })
})

function reference(id: string) {
  return { '@odata.id': `${GRAPH}/directoryObjects/${id}` }
}
