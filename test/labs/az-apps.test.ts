/**
 * Applications that run nothing here and carry identities all the same, by the Azure CLI: sites,
 * their slots, function apps and container groups.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'

describe('az makes applications with identities', () => {
  let locum: Locum
  let az: Az

  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    await az.text(SIGN_IN)
    await az.text('az group create -n apps -l westeurope')
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('a site by its runtime, and a slot of it', async () => {
    await az.text('az appservice plan create -g apps -n plan --sku S1 --is-linux')
    const site = '-g apps -n locumfront'
    const runtime = await az.json('az webapp list-runtimes --os-type linux --query [0].config')
    await az.text(
      `az webapp create ${site} -p plan --runtime '${runtime}' --assign-identity [system]`,
    )
    await az.text(`az webapp config appsettings set ${site} --settings KEY=hunter2`)
    await az.text(
      `az webapp deployment slot create ${site} -s staging --configuration-source locumfront`,
    )
    const settings = await az.json(`az webapp config appsettings list ${site} -s staging`)
    assert.deepEqual(settings, [{ name: 'KEY', slotSetting: false, value: 'hunter2' }])
    const own = await az.json(`az webapp identity show ${site} --query principalId`)
    const staged = await az.json(`az webapp identity assign ${site} -s staging --query principalId`)
    assert.notEqual(staged, own)
    const principal = await az.json(`az ad sp show --id ${staged} --query displayName`)
    assert.equal(principal, 'locumfront/slots/staging')
    await az.text(`az webapp delete ${site}`)
    assert.deepEqual(await az.json('az appservice plan list -g apps'), [])
  })

  it('function apps, each with the plan that it needs', async () => {
    const store = 'locumappsstore'
    await az.text(`az storage account create -g apps -n ${store} --sku Standard_LRS`)
    await az.text(
      `az functionapp create -g apps -n locumflex --flexconsumption-location westeurope --runtime node --storage-account ${store} --deployment-storage-auth-type SystemAssignedIdentity --disable-app-insights true`,
    )
    const query = "--query '[kind,properties.sku,properties.functionAppConfig.runtime.name]'"
    const shown = await az.json(`az functionapp show -g apps -n locumflex ${query}`)
    assert.deepEqual(shown, ['functionapp,linux', 'FlexConsumption', 'node'])
    const object = await az.json(
      'az functionapp identity show -g apps -n locumflex --query principalId',
    )
    const grants = await az.json(`az role assignment list --all --assignee ${object}`)
    assert.deepEqual(
      grants.map((one: { roleDefinitionName: string }) => one.roleDefinitionName),
      ['Storage Blob Data Contributor'],
    )
  })

  it('a container group, in which nothing runs', async () => {
    await az.text(
      'az container create -g apps -n group --image busybox --os-type Linux --cpu 1 --memory 1 --assign-identity --secure-environment-variables KEY=swordfish',
    )
    const shown = await az.json('az container show -g apps -n group')
    assert.equal(shown.identity.type, 'SystemAssigned')
    assert.ok(!JSON.stringify(shown).includes('swordfish'))
  })
})
