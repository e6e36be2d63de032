/** Templates at management groups, and management groups in templates. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makePrincipal } from '../../http/test-door.ts'
import { managementProvider } from '../../providers/management/management.ts'
import {
  DEPLOYMENTS,
  openTestDeployments,
  type TestDeployments,
  template,
} from './test-deployments.ts'
import { SUBSCRIPTION } from './test-estate.ts'

const GROUPS = '/providers/Microsoft.Management/managementGroups'
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

describe('deployments above subscriptions', () => {
  let estate: TestDeployments
  before(async () => {
    estate = await openTestDeployments(managementProvider)
  })
  after(() => estate.close())

  const group = (name: string, parent?: string) => ({
    type: 'Microsoft.Management/managementGroups',
    apiVersion: '2023-04-01',
    name,
    ...(parent && { dependsOn: [parent] }),
    properties: {
      displayName: `The ${name}`,
      ...(parent && {
        details: {
          parent: {
            id: `[tenantResourceId('Microsoft.Management/managementGroups', '${parent}')]`,
          },
        },
      }),
    },
  })

  it('make a tree of groups at the tenant, and put a subscription into it', async () => {
    const { body } = await estate.deploy(
      {
        resources: [
          group('platform'),
          group('network', 'platform'),
          {
            type: 'Microsoft.Management/managementGroups/subscriptions',
            apiVersion: '2023-04-01',
            name: `network/${SUBSCRIPTION.slice('/subscriptions/'.length)}`,
            dependsOn: ['network'],
          },
        ],
      },
      { scope: '' },
    )
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    const seen = await estate.as(
      estate.owner,
      'GET',
      `${GROUPS}/platform?api-version=2020-05-01&$expand=children&$recurse=true`,
    )
    const [network] = seen.body.properties.children
    assert.equal(network.displayName, 'The network')
    assert.equal(network.children[0].id, SUBSCRIPTION)
  })

  it('run at a group, know it, and give roles on it', async () => {
    const { body } = await estate.deploy(
      {
        resources: [
          {
            type: 'Microsoft.Authorization/roleAssignments',
            apiVersion: '2022-04-01',
            name: '[guid(managementGroup().id)]',
            properties: {
              roleDefinitionId: `[tenantResourceId('Microsoft.Authorization/roleDefinitions', '${READER}')]`,
              principalId: estate.contributor.objectId,
              principalType: 'ServicePrincipal',
            },
          },
        ],
        outputs: {
          name: { type: 'string', value: '[managementGroup().properties.displayName]' },
          parent: { type: 'string', value: '[managementGroup().properties.details.parent.name]' },
        },
      },
      { scope: `${GROUPS}/network` },
    )
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    assert.equal(body.properties.outputs.name.value, 'The network')
    assert.equal(body.properties.outputs.parent.value, 'platform')
    assert.match(
      body.id,
      /managementGroups\/network\/providers\/Microsoft.Resources\/deployments\//,
    )
  })

  it('need a group that there is, and the right to it', async () => {
    const empty = {
      location: 'westeurope',
      properties: { mode: 'Incremental', template: template({ resources: [] }) },
    }
    const put = (who: typeof estate.owner, name: string) =>
      estate.as(who, 'PUT', `${GROUPS}/${name}/${DEPLOYMENTS}/empty`, empty)
    const lost = await put(estate.owner, 'nowhere')
    assert.deepEqual([lost.status, lost.body.error.code], [404, 'ManagementGroupNotFound'])
    const validated = await estate.as(
      estate.owner,
      'POST',
      `${GROUPS}/nowhere/${DEPLOYMENTS}/empty/validate`,
      empty,
    )
    assert.equal(validated.body.error.code, 'ManagementGroupNotFound')
    const stranger = await makePrincipal(estate.world, 'stranger')
    assert.equal((await put(stranger, 'network')).status, 403)
    assert.equal((await put(estate.contributor, 'network')).status, 403)
    assert.equal((await put(estate.owner, 'network')).status, 201)
  })

  it('go with the group', async () => {
    const at = `${GROUPS}/network`
    await estate.rest()
    const id = SUBSCRIPTION.slice('/subscriptions/'.length)
    await estate.as(estate.owner, 'DELETE', `${at}/subscriptions/${id}`)
    assert.equal((await estate.as(estate.owner, 'DELETE', at)).status, 202)
    await estate.as(estate.owner, 'PUT', at, {})
    const { body } = await estate.as(estate.owner, 'GET', `${at}/${DEPLOYMENTS}`)
    assert.deepEqual(body.value, [])
  })
})
