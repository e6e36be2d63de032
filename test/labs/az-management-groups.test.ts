/**
 * az and the tree above subscriptions: it makes groups and waits for them, moves the subscription
 * into one, gives roles there, and deploys to it. Tag names beside, which are the subscription's.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'

const GROUP = 'az account management-group'
const LAND = '/providers/Microsoft.Management/managementGroups/land'

describe('az above subscriptions', () => {
  let locum: Locum
  let az: Az
  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    await az.text(`${SIGN_IN} && az group create --name blue --location westeurope`)
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('makes management groups and sees them made', async () => {
    const corp = await az.json(`${GROUP} create --name corp --display-name Corp --no-register`)
    assert.equal(corp.details.parent.name, locum.status.tenantId)
    await az.text(`${GROUP} create --name land --parent corp --no-register`)
    const { subscriptionId } = locum.status
    await az.text(`${GROUP} subscription add --name land --subscription ${subscriptionId}`)
    const seen = await az.json(`${GROUP} show --name corp --expand --recurse --no-register`)
    assert.equal(seen.children[0].name, 'land')
    assert.equal(seen.children[0].children[0].name, subscriptionId)
    const renamed = await az.json(`${GROUP} update --name land --display-name Landing`)
    assert.equal(renamed.displayName, 'Landing')
    assert.equal((await az.json(`${GROUP} entities list`)).length, 4)
  })

  it('gives a role there, which holds in a resource group', async () => {
    const { appId, password } = await az.json(
      `az ad sp create-for-rbac --name reader --role Reader --scopes ${LAND}`,
    )
    const inherited = await az.json(
      `az role assignment list --assignee ${appId} --resource-group blue --include-inherited`,
    )
    assert.deepEqual(
      inherited.map(({ scope }: { scope: string }) => scope),
      [LAND],
    )
    const asReader = `AZURE_CONFIG_DIR=$(mktemp -d) && export AZURE_CONFIG_DIR &&
az login --service-principal -u ${appId} -p ${password} --tenant ${locum.status.tenantId} -o none`
    assert.equal((await az.json(`${asReader} && az group show --name blue`)).name, 'blue')
    const refused = await az.run(`${asReader} && ${GROUP} show --name corp --no-register`)
    assert.match(refused.stderr, /AuthorizationFailed/)
  })

  it('deploys to a group', async () => {
    const template = JSON.stringify({
      $schema:
        'https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      resources: [],
      outputs: { name: { type: 'string', value: '[managementGroup().name]' } },
    })
    const { properties } = await az.json(`cat > $HOME/mg.json <<'END' &&
${template}
END
az deployment mg create -m land --location westeurope --template-file $HOME/mg.json`)
    assert.equal(properties.outputs.name.value, 'land')
  })

  it('takes it all down again', async () => {
    const { subscriptionId } = locum.status
    const refused = await az.run(`${GROUP} delete --name land --no-register`)
    assert.match(refused.stderr, /\(BadRequest\)/)
    await az.text(`${GROUP} subscription remove --name land --subscription ${subscriptionId}`)
    for (const name of ['land', 'corp'])
      await az.text(`${GROUP} delete --name ${name} --no-register`)
    const left = await az.json(`${GROUP} list --no-register --query "[].name"`)
    assert.deepEqual(left, [locum.status.tenantId])
  })

  it('offers tag names, and counts them', async () => {
    await az.text('az tag create --name env && az tag add-value --name env --value prod')
    await az.text('az group update --name blue --tags env=prod')
    const [env] = await az.json('az tag list')
    assert.deepEqual([env.tagName, env.count.value, env.values[0].count.value], ['env', 1, 1])
    const refused = await az.run('az tag delete --name env --yes')
    assert.match(refused.stderr, /The tag name 'env' cannot be deleted/)
    await az.text('az group update --name blue --set tags={}')
    await az.text('az tag remove-value --name env --value prod && az tag delete --name env --yes')
    assert.deepEqual(await az.json('az tag list'), [])
  })
})
