/** What a deployment takes from elsewhere: secrets of vaults, templates of template specs. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assignRole } from '../../core/rbac/test-assignment.ts'
import { makePrincipal } from '../../http/test-door.ts'
import {
  DEPLOYMENTS,
  GROUP,
  IDENTITY,
  identity,
  openTestDeployments,
  type TestDeployments,
  template,
} from './test-deployments.ts'
import { SUBSCRIPTION } from './test-estate.ts'

const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/safe-for-templates`
const SECRET = 'swordfish-in-the-vault'
const VAULT_VERSION = 'api-version=2023-07-01'

describe('parameters that a vault keeps', () => {
  let tested: TestDeployments
  const reference = (more: object = {}) => ({
    key: { reference: { keyVault: { id: VAULT }, secretName: 'key', ...more } },
  })
  const content = (type = 'securestring') => ({
    parameters: { key: { type } },
    resources: [identity('kept', { tags: { length: "[string(length(parameters('key')))]" } })],
  })
  const open = (enabledForTemplateDeployment: boolean) =>
    tested.as(tested.owner, 'PATCH', `${VAULT}?${VAULT_VERSION}`, {
      properties: { enabledForTemplateDeployment },
    })
  const body = (parameters: object, type?: string) => ({
    properties: { mode: 'Incremental', template: template(content(type)), parameters },
  })

  before(async () => {
    tested = await openTestDeployments()
    const { as, owner, world } = tested
    await as(owner, 'PUT', `${VAULT}?${VAULT_VERSION}`, {
      location: 'westeurope',
      properties: {
        tenantId: world.call().tenantId,
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
      },
    })
    await as(owner, 'PUT', `${VAULT}/secrets/key?${VAULT_VERSION}`, {
      properties: { value: SECRET },
    })
  })
  after(() => tested.close())

  it('are read from a vault that is open to templates, and never shown', async () => {
    await open(true)
    for (const type of ['securestring', 'string']) {
      const { body } = await tested.deploy(content(type), { parameters: reference() })
      assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
      assert.deepEqual(body.properties.parameters.key.reference, reference().key.reference)
      assert.ok(!JSON.stringify(body).includes(SECRET))
      const made = `${GROUP}/providers/${IDENTITY}/kept?api-version=2023-01-31`
      const { tags } = (await tested.as(tested.owner, 'GET', made)).body
      assert.deepEqual(tags, { length: String(SECRET.length) })
    }
  })

  it('are handed on to what is inside', async () => {
    const inside = {
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      name: 'inside-with-key',
      properties: {
        mode: 'Incremental',
        expressionEvaluationOptions: { scope: 'inner' },
        parameters: reference(),
        template: template({
          ...content(),
          outputs: { n: { type: 'int', value: "[length(parameters('key'))]" } },
        }),
      },
    }
    const value = "[reference('inside-with-key').outputs.n.value]"
    const outputs = { n: { type: 'int', value } }
    const { body } = await tested.deploy({ resources: [inside], outputs })
    assert.deepEqual(body.properties.outputs?.n.value, SECRET.length, JSON.stringify(body))
  })

  it('are no more shown by a what-if, wherever they end up', async () => {
    const inside = {
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      name: 'looks-inside',
      properties: {
        mode: 'Incremental',
        expressionEvaluationOptions: { scope: 'inner' },
        parameters: { plain: { value: "[parameters('key')]" } },
        template: template({
          parameters: { plain: { type: 'string' } },
          resources: [identity('looked', { tags: { plain: "[parameters('plain')]" } })],
        }),
      },
    }
    const asked = {
      properties: {
        mode: 'Incremental',
        template: template({ parameters: { key: { type: 'string' } }, resources: [inside] }),
        parameters: reference(),
      },
    }
    const path = `${GROUP}/${DEPLOYMENTS}/looking/whatIf`
    const { status, body } = await tested.as(tested.owner, 'POST', path, asked)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(body.properties.changes[0].after.tags, { plain: '*******' })
    assert.ok(!JSON.stringify(body).includes(SECRET))
    // Of what is there and would be changed, neither.
    await tested.as(
      tested.owner,
      'PUT',
      `${GROUP}/providers/${IDENTITY}/looked?api-version=2023-01-31`,
      {
        location: 'westeurope',
        tags: { plain: 'old' },
      },
    )
    const { body: changed } = await tested.as(tested.owner, 'POST', path, asked)
    const [{ changeType, before: was, after: is, delta }] = changed.properties.changes
    assert.deepEqual(
      [changeType, was.tags, is.tags],
      ['Modify', { plain: 'old' }, { plain: '*******' }],
    )
    assert.deepEqual([delta[0].before, delta[0].after], ['old', '*******'])
    assert.ok(!JSON.stringify(changed).includes(SECRET))
  })

  const wrong: [what: string, parameters: object, status: number, code: string, says: RegExp][] = [
    [
      'a secret that there is not',
      reference({ secretName: 'nothing' }),
      400,
      'KeyVaultParameterReferenceSecretRetrieveFailed',
      /The secret of KeyVault parameter 'key' cannot be retrieved\. Http status code: 'NotFound'/,
    ],
    [
      'a version that there is not',
      reference({ secretVersion: '0'.repeat(32) }),
      400,
      'KeyVaultParameterReferenceSecretRetrieveFailed',
      /'NotFound'/,
    ],
    [
      'a vault that there is not',
      reference({ keyVault: { id: `${VAULT}-not` } }),
      404,
      'KeyVaultParameterReferenceNotFound',
      /could not be found/,
    ],
    [
      'what is no vault',
      reference({ keyVault: { id: GROUP } }),
      404,
      'KeyVaultParameterReferenceNotFound',
      /could not be found/,
    ],
    [
      'a reference without a name',
      { key: { reference: { keyVault: { id: VAULT } } } },
      400,
      'InvalidRequestContent',
      /needs 'keyVault.id' and 'secretName'/,
    ],
  ]
  for (const [what, parameters, status, code, says] of wrong) {
    it(`are refused as ${code}: ${what}`, async () => {
      await open(true)
      const refused = await tested.as(
        tested.owner,
        'PUT',
        `${GROUP}/${DEPLOYMENTS}/wrong`,
        body(parameters),
      )
      assert.deepEqual([refused.status, refused.body.error.code], [status, code])
      assert.match(refused.body.error.message, says)
    })
  }

  it('are refused by a vault that is not open to templates', async () => {
    await open(false)
    const path = `${GROUP}/${DEPLOYMENTS}/shut`
    const { status, body: refused } = await tested.as(tested.owner, 'PUT', path, body(reference()))
    assert.equal(status, 400)
    assert.equal(refused.error.code, 'KeyVaultParameterReferenceSecretRetrieveFailed')
    assert.match(refused.error.message, /'Forbidden'. Error message: 'Access denied to first party/)
  })

  it('are refused by a vault that is shut to the network, to Azure’s own services too', async () => {
    await open(true)
    const shut = (bypass: string, defaultAction: string) =>
      tested.as(tested.owner, 'PATCH', `${VAULT}?${VAULT_VERSION}`, {
        properties: { networkAcls: { bypass, defaultAction } },
      })
    const path = `${GROUP}/${DEPLOYMENTS}/from-outside/validate`
    const validated = async () =>
      (await tested.as(tested.owner, 'POST', path, body(reference()))).status
    await shut('None', 'Deny')
    assert.equal(await validated(), 400)
    await shut('AzureServices', 'Deny')
    assert.equal(await validated(), 200)
    await shut('AzureServices', 'Allow')
  })

  it('need vaults/deploy/action of who deploys, and no right to read secrets', async () => {
    const { world, as } = tested
    await open(true)
    const path = `${GROUP}/${DEPLOYMENTS}/by-another`
    const another = await makePrincipal(world, 'another')
    const managing = 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59'
    await assignRole(world, another, managing, GROUP)
    const identities = 'f1a07417-d97a-45cb-824c-7a7467783830'
    await assignRole(world, another, identities, GROUP)
    const refused = await as(another, 'POST', `${path}/validate`, body(reference()))
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'AuthorizationFailed'])
    assert.match(refused.body.error.message, /Microsoft.KeyVault\/vaults\/deploy\/action/)
    const kept = await world.database.reader.all<{ action: string }>(
      "SELECT action FROM audit WHERE outcome = 'denied'",
      [],
    )
    assert.deepEqual(
      kept.map(({ action }) => action),
      ['Microsoft.Resources/deployments/validate/action'],
    )
    const deployer = {
      properties: {
        roleName: 'Template secrets',
        permissions: [{ actions: ['Microsoft.KeyVault/vaults/deploy/action'] }],
        assignableScopes: [SUBSCRIPTION],
      },
    }
    const role = '3f2f1d5c-0f6f-4a63-9c39-5b6f2a1b9d10'
    const definition = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`
    const made = await as(tested.owner, 'PUT', `${definition}?api-version=2022-04-01`, deployer)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    await assignRole(world, another, role, VAULT)
    const allowed = await as(another, 'POST', `${path}/validate`, body(reference()))
    assert.equal(allowed.status, 200, JSON.stringify(allowed.body))
  })
})

describe('template specs', () => {
  let tested: TestDeployments
  const SPEC = `${GROUP}/providers/Microsoft.Resources/templateSpecs/kinds`
  const VERSION = 'api-version=2022-02-01'
  const link = (version: string) => ({
    template: undefined,
    templateLink: { id: `${SPEC}/versions/${version}` },
  })
  const put = (path: string, properties: object) =>
    tested.as(tested.owner, 'PUT', `${path}?${VERSION}`, { location: 'westeurope', properties })

  before(async () => {
    tested = await openTestDeployments()
  })
  after(() => tested.close())

  it('keep versions, and show them when asked', async () => {
    const made = await put(SPEC, { displayName: 'Kinds', description: null })
    assert.deepEqual([made.status, made.body.properties], [201, { displayName: 'Kinds' }])
    const mainTemplate = template({
      parameters: { name: { type: 'string' } },
      resources: [identity("[parameters('name')]")],
    })
    const first = await put(`${SPEC}/versions/1.0`, { mainTemplate, description: 'The first.' })
    assert.equal(first.status, 201)
    assert.deepEqual(first.body.properties.mainTemplate, mainTemplate)
    const { body } = await tested.as(tested.owner, 'GET', `${SPEC}?${VERSION}&$expand=versions`)
    assert.deepEqual(Object.keys(body.properties.versions), ['1.0'])
    assert.equal(body.properties.versions['1.0'].description, 'The first.')
    const plain = await tested.as(tested.owner, 'GET', `${SPEC}?${VERSION}`)
    assert.equal(plain.body.properties.versions, undefined)
  })

  it('are deployed by the id of a version, which answers name', async () => {
    const { body } = await tested.deploy(
      {},
      { ...link('1.0'), parameters: { name: { value: 'from-spec' } } },
    )
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    assert.deepEqual(body.properties.templateLink, {
      id: `${SPEC}/versions/1.0`,
      contentVersion: '1.0.0.0',
    })
    const made = `${GROUP}/providers/${IDENTITY}/from-spec?api-version=2023-01-31`
    assert.equal((await tested.as(tested.owner, 'GET', made)).status, 200)
  })

  it('bring the templates along that theirs names by paths', async () => {
    const inside = (relativePath: string) => ({
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      name: relativePath.replaceAll(/\W/g, '-'),
      properties: { mode: 'Incremental', templateLink: { relativePath } },
    })
    const properties = {
      mainTemplate: template({ resources: [inside('parts/one.json')] }),
      linkedTemplates: [
        { path: 'parts/one.json', template: template({ resources: [inside('../two.json')] }) },
        { path: 'two.json', template: template({ resources: [identity('from-path')] }) },
      ],
    }
    await put(`${SPEC}/versions/2.0`, properties)
    const { body } = await tested.deploy({}, { name: 'parts', ...link('2.0') })
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    const made = `${GROUP}/providers/${IDENTITY}/from-path?api-version=2023-01-31`
    assert.equal((await tested.as(tested.owner, 'GET', made)).status, 200)
  })

  it('are refused where there is none, and to who may not read them', async () => {
    const none = await tested.deploy({}, link('9.9'))
    assert.deepEqual([none.status, none.body.error.code], [404, 'ResourceNotFound'])
    const { world, as } = tested
    const another = await makePrincipal(world, 'no-specs')
    await assignRole(world, another, 'befefa01-2a29-4197-83a8-272ff33ce314', GROUP)
    const path = `${GROUP}/${DEPLOYMENTS}/not-mine`
    const asked = { properties: { mode: 'Incremental', templateLink: link('1.0').templateLink } }
    const refused = await as(another, 'PUT', path, asked)
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'AuthorizationFailed'])
    assert.match(refused.body.error.message, /Microsoft.Resources\/templateSpecs\/versions\/read/)
  })

  it('go with their versions', async () => {
    assert.equal((await tested.as(tested.owner, 'DELETE', `${SPEC}?${VERSION}`)).status, 200)
    const version = await tested.as(tested.owner, 'GET', `${SPEC}/versions/1.0?${VERSION}`)
    assert.equal(version.status, 404)
  })
})
