/**
 * The directory by the Azure CLI: applications, service principals, users, groups, owners, members,
 * credentials and what was deleted, each by the verbs of `az ad`.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'

const OWNER = 'owner@locum.onmicrosoft.com'
const GRAPH = '00000003-0000-0000-c000-000000000000'
const USER_READ_ALL = 'df021288-bdef-4463-88db-98f22de89214'
const ITEMS = 'https://graph.microsoft.com/v1.0/directory/deletedItems'

describe('az ad', () => {
  let locum: Locum
  let az: Az

  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    await az.text(SIGN_IN)
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('makes an application, its credentials and its service principal', async () => {
    const { appId, identifierUris } = await az.json(
      'az ad app create --display-name shop --identifier-uris api://shop --web-redirect-uris https://shop.example/cb',
    )
    assert.deepEqual(identifierUris, ['api://shop'])
    assert.equal(await az.json('az ad app show --id api://shop --query appId'), appId)
    await az.text(`az ad app update --id ${appId} --display-name shop2`)
    assert.deepEqual(await az.json('az ad app list --display-name sho --query [].displayName'), [
      'shop2',
    ])
    const { password } = await az.json(`az ad app credential reset --id ${appId} --append`)
    assert.equal(password.length, 40)
    await az.text(`az ad app credential reset --id ${appId} --append --create-cert`)
    const [key] = await az.json(`az ad app credential list --id ${appId} --query [].keyId`)
    await az.text(`az ad app credential delete --id ${appId} --key-id ${key}`)
    assert.deepEqual(await az.json(`az ad app credential list --id ${appId}`), [])
    assert.equal((await az.json(`az ad app credential list --id ${appId} --cert`)).length, 1)

    const trusted = { name: 'ci-main', issuer: 'https://ci.example', subject: 'main' }
    const audiences = ['api://AzureADTokenExchange']
    const parameters = JSON.stringify({ ...trusted, audiences })
    const federated = `az ad app federated-credential`
    await az.text(`${federated} create --id ${appId} --parameters '${parameters}'`)
    const one = `--id ${appId} --federated-credential-id ci-main`
    assert.equal((await az.json(`${federated} show ${one}`)).subject, 'main')
    await az.text(`${federated} delete ${one}`)
    assert.deepEqual(await az.json(`${federated} list --id ${appId}`), [])

    const principal = await az.json(`az ad sp create --id ${appId}`)
    assert.deepEqual(principal.servicePrincipalNames, [appId, 'api://shop'])
    await az.text(`az ad sp update --id ${appId} --set appRoleAssignmentRequired=true`)
    const required = `az ad sp show --id api://shop --query appRoleAssignmentRequired`
    assert.equal(await az.json(required), true)
    const grant = `az ad app permission grant --id ${appId} --api ${GRAPH} --scope User.Read`
    assert.equal((await az.json(grant)).scope, 'User.Read')
    const grants = await az.json(`az ad app permission list-grants --id ${appId}`)
    assert.equal(grants[0].clientId, principal.id)
    const permission = `--id ${appId} --api ${GRAPH} --api-permissions ${USER_READ_ALL}=Role`
    await az.text(`az ad app permission add ${permission}`)
    await az.text(`az ad app permission admin-consent --id ${appId}`)
    const assigned = `https://graph.microsoft.com/v1.0/servicePrincipals/${principal.id}/appRoleAssignments`
    assert.deepEqual(await az.json(`az rest --url ${assigned} --query value[].appRoleId`), [
      USER_READ_ALL,
    ])
  })

  it('makes users and groups, and says who owns and who is in them', async () => {
    const user = await az.json(
      `az ad user create --display-name Ann --user-principal-name ann@locum.onmicrosoft.com --password 'Correct-Horse-9'`,
    )
    await az.text(`az ad user update --id ${user.userPrincipalName} --password 'Correct-Horse-8'`)
    await az.text('az ad group create --display-name crew --mail-nickname crew')
    const member = `-g crew --member-id ${user.id}`
    await az.text(`az ad group member add ${member}`)
    const again = await az.run(`az ad group member add ${member}`)
    assert.equal(again.code, 1)
    assert.match(again.stderr, /One or more added object references already exist/)
    assert.deepEqual(await az.json(`az ad group member check ${member}`), { value: true })
    const names = '--query [].displayName'
    assert.deepEqual(await az.json(`az ad group member list -g crew ${names}`), ['Ann'])
    assert.deepEqual(await az.json(`az ad user get-member-groups --id ${user.id} ${names}`), [
      'crew',
    ])
    await az.text(`az ad group owner add -g crew --owner-object-id ${user.id}`)
    assert.deepEqual(await az.json(`az ad group owner list -g crew ${names}`), ['Ann'])
    await az.text(`az ad group member remove ${member}`)
    assert.deepEqual(await az.json(`az ad group member list -g crew ${names}`), [])
    await az.text('az ad group delete -g crew')
    await az.text(`az ad user delete --id ${user.id}`)
    const gone = await az.run(`az ad user show --id ${user.userPrincipalName}`)
    assert.equal(gone.code, 3)
  })

  it('deletes what can be restored, and then for good', async () => {
    const appId = await az.json('az ad app show --id api://shop --query appId')
    await az.text(`az ad app delete --id ${appId}`)
    assert.equal((await az.run(`az ad app show --id ${appId}`)).code, 3)
    const list = `az rest --url ${ITEMS}/microsoft.graph.application --query value[].id`
    const [id] = await az.json(list)
    const restore = `az rest --method post --url ${ITEMS}/${id}/restore --query displayName`
    assert.equal(await az.json(restore), 'shop2')
    assert.equal(await az.json(`az ad app show --id ${appId} --query displayName`), 'shop2')
    await az.text(`az ad app delete --id ${appId}`)
    await az.text(`az rest --method delete --url ${ITEMS}/${id}`)
    assert.deepEqual(await az.json(list), [])
  })

  it('knows the user who is signed in, and what is the user’s own', async () => {
    const [, password = ''] = /^ {2}password +(\S+)/m.exec(locum.firstWords) ?? []
    await az.text(`az login --username ${OWNER} --password '${password}'`)
    assert.equal(await az.json('az ad signed-in-user show --query userPrincipalName'), OWNER)
    const me = await az.json('az ad signed-in-user show --query id')
    const appId = await az.json('az ad app create --display-name mine --query appId')
    await az.text(`az ad app owner add --id ${appId} --owner-object-id ${me}`)
    const owned = 'az ad signed-in-user list-owned-objects --query [].displayName'
    assert.deepEqual(await az.json(owned), ['mine'])
    assert.deepEqual(await az.json('az ad app list --show-mine --query [].displayName'), ['mine'])
    await az.text(`az ad app owner remove --id ${appId} --owner-object-id ${me}`)
    assert.deepEqual(await az.json(owned), [])
  })
})
