/**
 * Deployments as one types them, beside Lab H: at every scope, from a template spec, complete, going
 * back on an error, with a secret that a vault keeps; and what is told before each.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'
import type { Body } from '../owner.ts'

const identity = (name: string, more: object = {}) => ({
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  apiVersion: '2023-01-31',
  name,
  location: 'westeurope',
  ...more,
})

const template = (schema: string, resources: object[], more: object = {}) => ({
  $schema: `https://schema.management.azure.com/schemas/${schema}#`,
  contentVersion: '1.0.0.0',
  resources,
  ...more,
})

const ofGroup = (resources: object[], more: object = {}) =>
  template('2019-04-01/deploymentTemplate.json', resources, more)

/** A deployment of what is inside, elsewhere. */
const inside = (name: string, content: object, more: object) => ({
  type: 'Microsoft.Resources/deployments',
  apiVersion: '2022-09-01',
  name,
  properties: {
    mode: 'Incremental',
    expressionEvaluationOptions: { scope: 'inner' },
    template: content,
  },
  ...more,
})

describe('az deploys', () => {
  let locum: Locum
  let az: Az
  const file = (name: string, content: object) => {
    const path = join(locum.folder, `${name}.json`)
    writeFileSync(path, JSON.stringify(content))
    return path
  }
  const names = async (group: string): Promise<string[]> =>
    (await az.json(`az resource list --resource-group ${group} --query "[].name"`)).sort()
  const told = async (line: string) => {
    const { changes } = await az.json(`${line} --no-pretty-print`)
    return changes.map(({ changeType, resourceId }: Body) => [
      changeType,
      resourceId.split('/').at(-1),
    ])
  }

  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    await az.text(`${SIGN_IN} && az group create --name grove --location westeurope`)
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('to the tenant, a management group and a subscription, down to a group made on the way', async () => {
    const { id } = await az.json('az account show')
    await az.text('az account management-group create --name orchard')
    const down = file(
      'down',
      template('2019-08-01/tenantDeploymentTemplate.json', [
        inside(
          'down',
          template('2018-05-01/subscriptionDeploymentTemplate.json', [
            {
              type: 'Microsoft.Resources/resourceGroups',
              apiVersion: '2022-09-01',
              name: 'meadow',
              location: 'westeurope',
            },
            inside('deeper', ofGroup([identity('daisy')]), {
              resourceGroup: 'meadow',
              dependsOn: ['meadow'],
            }),
          ]),
          { subscriptionId: id, location: 'westeurope' },
        ),
      ]),
    )
    const at = `--location westeurope --template-file ${down}`
    assert.deepEqual(await told(`az deployment tenant what-if ${at}`), [
      ['Create', 'meadow'],
      ['Create', 'daisy'],
    ])
    const made = await az.json(`az deployment tenant create ${at}`)
    assert.equal(made.properties.provisioningState, 'Succeeded')
    assert.deepEqual(await names('meadow'), ['daisy'])
    const unchanged = [
      ['NoChange', 'meadow'],
      ['NoChange', 'daisy'],
    ]
    const group = `--management-group-id orchard ${at}`
    assert.deepEqual(await told(`az deployment mg what-if ${group}`), unchanged)
    await az.text(`az deployment mg create ${group}`)
    const listed = await az.json('az deployment sub list --query "[].name"')
    assert.deepEqual(listed, ['down'])
  })

  it('from a template spec', async () => {
    const spec = file('spec', ofGroup([identity('from-spec')]))
    await az.text(`az ts create -g grove --name kinds --version 1.0 --template-file ${spec} --yes`)
    const { id } = await az.json('az ts show -g grove --name kinds --version 1.0')
    const { properties } = await az.json(
      `az deployment group create -g grove --name by-spec --template-spec ${id}`,
    )
    assert.deepEqual([properties.provisioningState, properties.templateLink.id], ['Succeeded', id])
    await az.text('az ts delete -g grove --name kinds --yes')
    assert.deepEqual(await names('grove'), ['from-spec'])
  })

  it('completely, which it tells before, and goes back when it fails', async () => {
    const whole = file('whole', ofGroup([identity('whole')]))
    const complete = `-g grove --mode Complete --template-file ${whole}`
    assert.deepEqual(await told(`az deployment group what-if ${complete}`), [
      ['Create', 'whole'],
      ['Delete', 'from-spec'],
    ])
    await az.text(`az deployment group create ${complete} --name whole`)
    assert.deepEqual(await names('grove'), ['whole'])
    const wrong = file('wrong', ofGroup([identity('half'), identity('x')]))
    const failed = await az.run(
      `az deployment group create -g grove --template-file ${wrong} --rollback-on-error whole`,
    )
    assert.equal(failed.code, 1)
    assert.match(failed.stderr, /"code":"DeploymentFailed".*"code":"InvalidResourceName"/)
    const again = '--query "properties.onErrorDeployment.provisioningState"'
    const wait = `az deployment group wait -g grove --name whole --created`
    await az.text(wait)
    assert.equal(
      await az.json(`az deployment group show -g grove --name wrong ${again}`),
      'Succeeded',
    )
    assert.deepEqual(await names('grove'), ['whole'])
  })

  it('with a secret that a vault keeps, once it is open to templates', async () => {
    await az.text(
      'az keyvault create -g grove --name orchard-seeds --enable-rbac-authorization false',
    )
    await az.text('az keyvault secret set --vault-name orchard-seeds --name seed --value apple-pip')
    const { id } = await az.json('az keyvault show --name orchard-seeds')
    const grown = file(
      'grown',
      ofGroup([identity('grown', { tags: { length: "[string(length(parameters('seed')))]" } })], {
        parameters: { seed: { type: 'securestring' } },
      }),
    )
    const parameters = file('parameters', {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      contentVersion: '1.0.0.0',
      parameters: { seed: { reference: { keyVault: { id }, secretName: 'seed' } } },
    })
    const line = `az deployment group create -g grove --template-file ${grown} --parameters @${parameters}`
    const shut = await az.run(line)
    assert.match(shut.stderr, /"KeyVaultParameterReferenceSecretRetrieveFailed"/)
    await az.text('az keyvault update --name orchard-seeds --enabled-for-template-deployment true')
    const opened = await az.text(line)
    assert.ok(!opened.includes('apple-pip'))
    const { tags } = await az.json('az identity show -g grove --name grown')
    assert.deepEqual(tags, { length: '9' })
  })

  it('what it exports, after what is wrong with a template was said without a trace', async () => {
    const exported = join(locum.folder, 'exported.json')
    await az.text(`az group export --name meadow > ${exported}`)
    await az.text('az group create --name pasture --location westeurope')
    await az.text(`az deployment group create -g pasture --template-file ${exported}`)
    assert.deepEqual(await names('pasture'), ['daisy'])
    const script = { ...identity('run'), type: 'Microsoft.Resources/deploymentScripts' }
    const none = file('none', ofGroup([script]))
    const line = `az deployment group what-if -g pasture --template-file ${none}`
    const { code, stderr } = await az.run(line)
    assert.equal(code, 1)
    assert.match(stderr, /^ERROR: InvalidTemplateDeployment .*InvalidResourceType/s)
    assert.doesNotMatch(stderr, /Traceback/)
  })
})
