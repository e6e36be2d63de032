/**
 * What az prints, and how it ends, when Azure says no: a wrong group, no permission, the same grant
 * twice, nobody of that name. The messages are Azure's; the exit codes are az's own.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'

const NOBODY = '11111111-1111-4111-8111-111111111112'
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
/** az's exit codes. */
const FAILED = 1
const NOT_FOUND = 3

describe('az prints what Azure refuses', () => {
  let locum: Locum
  let az: Az
  let group: string
  let reader: { appId: string; password: string; objectId: string }

  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    group = `/subscriptions/${locum.status.subscriptionId}/resourceGroups/blue`
    await az.text(`set -e
${SIGN_IN}
az group create --name blue --location westeurope
az identity create --resource-group blue --name worker`)
    const { appId, password } = await az.json(
      `az ad sp create-for-rbac --name reader --role Reader --scopes ${group}`,
    )
    const objectId = await az.json(`az ad sp show --id ${appId} --query id`)
    reader = { appId, password, objectId }
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('a group that is not there', async () => {
    const message = "Resource group 'green' could not be found."
    const refusal = azure('ResourceGroupNotFound', message, NOT_FOUND)
    assert.deepEqual(await refused('az group show --name green'), refusal)
    assert.deepEqual(await refused('az vm identity assign -g green -n vm1'), refusal)
  })

  it('a machine that is not there', async () => {
    assert.deepEqual(
      await refused('az vm show -g blue -n vm1'),
      azure(
        'ResourceNotFound',
        "The Resource 'Microsoft.Compute/virtualMachines/vm1' under resource group 'blue' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        NOT_FOUND,
      ),
    )
  })

  it('a grant to nobody, whom az looks for first', async () => {
    const line = `az role assignment create --role Reader --scope ${group}`
    assert.deepEqual(await refused(`${line} --assignee ${NOBODY}`), {
      code: FAILED,
      stderr: `ERROR: Cannot find user or service principal in graph database for '${NOBODY}'. If the assignee is an appId, make sure the corresponding service principal is created with 'az ad sp create --id ${NOBODY}'.\n`,
    })
    assert.deepEqual(
      await refused(`${line} --assignee-object-id ${NOBODY}`),
      azure(
        'PrincipalNotFound',
        `Principal ${NOBODY.replaceAll('-', '')} does not exist in the directory ${locum.status.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
        FAILED,
      ),
    )
  })

  it('the same grant under another name; az itself takes the one there is', async () => {
    const properties = {
      roleDefinitionId: `/subscriptions/${locum.status.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      principalId: reader.objectId,
    }
    const url = `${group}/providers/Microsoft.Authorization/roleAssignments/${NOBODY}?api-version=2022-04-01`
    assert.deepEqual(
      await refused(
        `az rest --method put --url "${url}" --body '${JSON.stringify({ properties })}'`,
      ),
      {
        code: FAILED,
        stderr:
          'ERROR: Conflict({"error":{"code":"RoleAssignmentExists","message":"The role assignment already exists."}})\n',
      },
    )
    const again = `az role assignment create --assignee ${reader.appId} --role Reader --scope ${group}`
    assert.equal((await az.json(again)).principalId, reader.objectId)
  })

  it('the principal of a managed identity is not deleted by hand', async () => {
    const { stderr, code } = await refused(
      'az ad sp delete --id $(az identity show -g blue -n worker --query principalId -o tsv)',
    )
    assert.deepEqual(
      [code, stderr],
      [FAILED, 'ERROR: Insufficient privileges to complete the operation.\n'],
    )
  })

  describe('to a service principal with Reader on the group', () => {
    let other: Az

    before(async () => {
      other = openAz(locum)
      await other.text(
        `az login --service-principal -u ${reader.appId} -p '${reader.password}' --tenant $AZURE_TENANT_ID`,
      )
    })
    after(() => other?.remove())

    it('reads are allowed', async () => {
      assert.equal(await other.json('az group show --name blue --query id'), group)
      assert.equal(await other.json('az identity show -g blue -n worker --query name'), 'worker')
    })

    const rows: [line: string, action: string, below: string][] = [
      [
        'az identity create -g blue -n mine',
        'Microsoft.ManagedIdentity/userAssignedIdentities/write',
        '/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine',
      ],
      [
        'az group delete -n blue --yes',
        'Microsoft.Resources/subscriptions/resourceGroups/delete',
        '',
      ],
      [
        `az role assignment create --assignee-object-id ${NOBODY} --assignee-principal-type ServicePrincipal --role Owner --scope /subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/blue --name ${NOBODY}`,
        'Microsoft.Authorization/roleAssignments/write',
        `/providers/Microsoft.Authorization/roleAssignments/${NOBODY}`,
      ],
    ]
    for (const [line, action, below] of rows) {
      it(`not: ${line.replace(/ --assignee.*/, '')}`, async () => {
        const { code, stderr } = await other.run(line)
        const message = `The client '${reader.appId}' with object id '${reader.objectId}' does not have authorization to perform action '${action}' over scope '${group}${below}' or the scope is invalid. If access was recently granted, please refresh your credentials.`
        assert.deepEqual({ code, stderr }, azure('AuthorizationFailed', message, FAILED))
      })
    }
  })

  it('a wrong secret, and a client that is not there', async () => {
    const stranger = openAz(locum)
    try {
      const line = 'az login --service-principal --tenant $AZURE_TENANT_ID -p wrong -u'
      const wrong = await stranger.run(`${line} ${reader.appId}`)
      assert.equal(wrong.code, FAILED)
      assert.match(wrong.stderr, /^ERROR: AADSTS7000215: Invalid client secret provided\./)
      const unknown = await stranger.run(`${line} ${NOBODY}`)
      assert.equal(unknown.code, FAILED)
      assert.match(unknown.stderr, /^ERROR: AADSTS700016: Application with identifier /)
    } finally {
      stranger.remove()
    }
  })

  async function refused(line: string): Promise<{ code: number; stderr: string }> {
    const { code, stderr, stdout } = await az.run(line)
    assert.equal(stdout, '')
    return { code, stderr }
  }
})

/** As az prints an error of Resource Manager. */
function azure(name: string, message: string, code: number) {
  return { code, stderr: `ERROR: (${name}) ${message}\nCode: ${name}\nMessage: ${message}\n` }
}
