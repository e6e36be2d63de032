/**
 * Lab A: one virtual machine, one vault, and the seven steps between them, each with its evidence.
 */
import { randomUUID } from 'node:crypto'
import { CommandError } from '../command-error.ts'
import { type AzureClient, azureClient } from './azure-client.ts'
import type { Ran, ThrowAway } from './throw-away.ts'

/** One of the seven steps: what happens, and what shows that it did. */
export interface Step {
  readonly number: number
  readonly title: string
  /** Short facts, by name. */
  readonly evidence: Readonly<Record<string, string>>
  /** The command that was typed in the machine, and what it printed. */
  readonly command?: string
  readonly printed?: string
}

export type Report = (step: Step) => void

export interface Outcome {
  readonly mode: 'sandbox' | 'loopback'
  /** Key ids that the machine read from the vault. */
  readonly keys: readonly string[]
}

const GROUP = 'my-group'
const MACHINE = 'vm1'
const VAULT = 'my-project'
const LOCATION = 'westeurope'
const ROLES = {
  'Key Vault Crypto Officer': '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
  'Key Vault Reader': '21090545-7ca7-4776-b22c-e363652d74d2',
}
const VERSIONS = {
  group: '2021-04-01',
  machine: '2024-07-01',
  vault: '2023-07-01',
  assignment: '2022-04-01',
  keys: '7.4',
}

/** The two commands of the tutorials, as they stand there. */
const ASK_FOR_TOKEN =
  'curl "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net" -H Metadata:true'
const LIST_KEYS =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's variable
  'curl https://my-project.vault.azure.net/keys?api-version=7.3 -H "Authorization: Bearer ${access_token}"'

/** Builds the lab and walks the seven steps. @throws CommandError when one does not hold */
export async function runLab(instance: ThrowAway, report: Report): Promise<Outcome> {
  const client = azureClient(instance.status)
  try {
    const commands = commandsFor(instance)
    const vault = await makeVault(client, instance)
    const principalId = await makeMachine(client, instance, report)
    await reportCertificate(instance, principalId, report)
    const refused = await tryKeys(instance, commands)
    await grant(client, 'Key Vault Reader', { scope: vault, principalId })
    report({
      number: 4,
      title: 'The service principal is granted access',
      evidence: {
        before: refused,
        role: 'Key Vault Reader',
        scope: vault,
      },
    })
    const token = await askForToken(instance, commands, report)
    await reportToken(instance, token, report)
    return { mode: commands.mode, keys: await listKeys(instance, commands, token, report) }
  } finally {
    client.close()
  }
}

interface Commands {
  readonly mode: Outcome['mode']
  readonly askForToken: string
  readonly listKeys: string
}

/** In a sandbox the tutorials' own commands; without one, what comes closest. */
function commandsFor({ status }: ThrowAway): Commands {
  if (status.sandbox.works) {
    return { mode: 'sandbox', askForToken: ASK_FOR_TOKEN, listKeys: LIST_KEYS }
  }
  const origin = (status.endpoints.vault ?? '').replace('{name}', VAULT)
  const { hostname, port } = new URL(origin)
  return {
    mode: 'loopback',
    askForToken:
      'curl "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=https://vault.azure.net" -H "X-IDENTITY-HEADER: $IDENTITY_HEADER"',
    listKeys:
      `curl --resolve ${hostname}:${port}:127.0.0.1 --cacert '${status.trust.authority}' ` +
      `'${origin}/keys?api-version=7.3' -H "Authorization: Bearer \${access_token}"`,
  }
}

async function makeVault(client: AzureClient, { status }: ThrowAway): Promise<string> {
  const { subscriptionId, tenantId, owner } = status
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${GROUP}`
  await client.manage('PUT', `${group}?api-version=${VERSIONS.group}`, { location: LOCATION })
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/${VAULT}`
  await client.manage('PUT', `${vault}?api-version=${VERSIONS.vault}`, {
    location: LOCATION,
    properties: {
      tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
    },
  })
  const principalId = owner.objectId
  await grant(client, 'Key Vault Crypto Officer', { scope: vault, principalId })
  await client.vault(VAULT, 'POST', `/keys/my-key/create?api-version=${VERSIONS.keys}`, {
    kty: 'RSA',
    key_size: 2048,
  })
  return vault
}

async function makeMachine(
  client: AzureClient,
  { status }: ThrowAway,
  report: Report,
): Promise<string> {
  const machine =
    `/subscriptions/${status.subscriptionId}/resourceGroups/${GROUP}` +
    `/providers/Microsoft.Compute/virtualMachines/${MACHINE}`
  const path = `${machine}?api-version=${VERSIONS.machine}`
  const made = await client.manage('PUT', path, {
    location: LOCATION,
    identity: { type: 'SystemAssigned' },
    properties: {},
  })
  report({
    number: 1,
    title: 'Resource Manager is asked for a virtual machine with an identity of its own',
    evidence: { request: `PUT ${machine}`, answer: `${made.status} ${made.body.name}` },
  })
  const { body } = await client.manage('GET', path)
  const { principalId, tenantId } = body.identity ?? { principalId: '', tenantId: '' }
  report({
    number: 2,
    title: 'It makes a service principal in the tenant that the subscription trusts',
    evidence: { principal: principalId, tenant: tenantId },
  })
  return principalId
}

/** A job makes the certificate; the platform logs its thumbprint, and never shows its key. */
async function reportCertificate(
  instance: ThrowAway,
  principalId: string,
  report: Report,
): Promise<void> {
  const made = await instance.whenLogged(
    (line) => line.objectId === principalId && line.thumbprint !== undefined,
  )
  report({
    number: 3,
    title: "The machine's metadata service is given the client id and a certificate",
    evidence: { certificate: `SHA-1 ${made.thumbprint}, its key never shown` },
  })
}

async function tryKeys(instance: ThrowAway, commands: Commands): Promise<string> {
  const asked = await inMachine(instance, commands.askForToken)
  const token = readJson(asked).access_token ?? ''
  const { stdout } = await inMachine(instance, commands.listKeys, { access_token: token })
  const { error } = JSON.parse(stdout) as Reply
  return `${error?.innererror?.code ?? error?.code ?? 'not refused'}: the vault refuses the machine`
}

async function grant(
  client: AzureClient,
  role: keyof typeof ROLES,
  { scope, principalId }: { scope: string; principalId: string },
): Promise<void> {
  const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`
  await client.manage('PUT', `${assignment}?api-version=${VERSIONS.assignment}`, {
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`,
      principalId,
      principalType: 'ServicePrincipal',
    },
  })
}

async function askForToken(
  instance: ThrowAway,
  commands: Commands,
  report: Report,
): Promise<string> {
  const ran = await inMachine(instance, commands.askForToken)
  const reply = readJson(ran)
  const token = reply.access_token ?? ''
  const shown = { ...reply, access_token: shortened(token) }
  report({
    number: 5,
    title: 'Code on the machine asks the metadata service for a token: no credential is sent',
    evidence: {},
    command: `${commands.askForToken} | jq`,
    printed: JSON.stringify(shown, null, 2),
  })
  return token
}

async function reportToken(instance: ThrowAway, token: string, report: Report): Promise<void> {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')))
  const issued = await instance.whenLogged(
    (line) => line.event === 'token issued' && line.clientId === claims.appid,
  )
  report({
    number: 6,
    title: 'The metadata service had it from the token endpoint, with client id and certificate',
    evidence: {
      'token endpoint': `issued it in call ${issued.call}`,
      header: `alg ${header.alg}, kid ${header.kid}`,
      issuer: claims.iss,
      audience: claims.aud,
      'object id': claims.oid,
      'client id': claims.appid,
      resource: claims.xms_mirid ?? '',
    },
  })
}

async function listKeys(
  instance: ThrowAway,
  commands: Commands,
  token: string,
  report: Report,
): Promise<string[]> {
  const ran = await inMachine(instance, commands.listKeys, { access_token: token })
  const reply = readJson(ran)
  const keys = (reply.value ?? []).map((key) => key.kid)
  report({
    number: 7,
    title: 'The code sends the token to the vault, which verifies it and decides',
    evidence: { decision: keys.length > 0 ? 'allowed, by Key Vault Reader' : 'refused' },
    command: `${commands.listKeys} | jq`,
    printed: JSON.stringify(reply, null, 2),
  })
  return keys
}

/** Types a command in the machine, through `jq` where it is there. */
async function inMachine(
  instance: ThrowAway,
  command: string,
  environment?: Readonly<Record<string, string>>,
): Promise<Ran> {
  const line = `if command -v jq > /dev/null; then ${command} | jq; else ${command}; fi`
  return instance.locum(['exec', MACHINE, '--', 'sh', '-c', line], environment)
}

/** What the two commands print, as far as it is read here. */
interface Reply {
  readonly access_token?: string
  readonly value?: readonly { readonly kid: string }[]
  readonly error?: { readonly code: string; readonly innererror?: { readonly code: string } }
}

function readJson(ran: Ran): Reply {
  try {
    return JSON.parse(ran.stdout)
  } catch {
    throw new CommandError(`the command in the machine failed: ${ran.stderr.trim() || ran.stdout}`)
  }
}

function shortened(token: string): string {
  return `${token.slice(0, 24)}…${token.slice(-8)}`
}
