/**
 * Who may do what in a vault. Role assignments decide where the vault says so, its access policies
 * where it does not, and never both; nothing is allowed that neither allows.
 */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { record } from '../../core/audit/audit.ts'
import type { Call, PrincipalCaller } from '../../core/call.ts'
import { type Decision, isAllowed } from '../../core/rbac/check.ts'
import { principalsOf } from '../../core/rbac/principals.ts'
import { type PolicyCollection, policiesAllow } from '../../core/secrets/access-policies.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { issuerV1 } from '../../core/tokens/issuers.ts'
import { transaction } from '../../core/transaction.ts'
import type { Arrival, PermissionGuard } from '../../http/route.ts'
import { hasPrivateEndpoint } from '../../providers/keyvault/private-endpoints.ts'
import { openVault } from './open-vault.ts'

/** What needs only the public half of an asymmetric key is allowed to whoever may read the key. */
const READ_SUFFICES: ReadonlySet<string> = new Set([
  'Microsoft.KeyVault/vaults/keys/encrypt/action',
  'Microsoft.KeyVault/vaults/keys/verify/action',
  'Microsoft.KeyVault/vaults/keys/wrap/action',
])
/** Why a vault is shut to its public address, and the inner code that says so. */
const SHUT = {
  disabled: [
    [
      'Public network access is disabled and request is not from a trusted service nor via an ' +
        'approved private link.',
    ],
    'ForbiddenByConnection',
  ],
  denied: [
    [
      'Client address is not authorized and caller is not a trusted service.',
      'Client address: 127.0.0.1',
    ],
    'ForbiddenByFirewall',
  ],
} as const
const READ_KEY = 'Microsoft.KeyVault/vaults/keys/read'

/** @throws Failure forbidden `Forbidden`; the refusal is kept in the audit */
export async function authorize(
  call: Call,
  guard: PermissionGuard,
  arrival: Arrival,
): Promise<void> {
  const { caller } = call
  if (caller.kind !== 'principal') throw new Error('the guard lets only principals come this far')
  const vault = await openVault(call, arrival.host?.account)
  const scope = await guard.scope(call, arrival)
  const refusal = await refusalOf(call, caller, vault, guard, scope)
  if (refusal === undefined) return
  await transaction(call, (tx) =>
    record(tx, {
      action: guard.action,
      scope: scope.text,
      outcome: 'denied',
      facts: { code: refusal.inner },
    }),
  )
  throw refusal
}

/** The network first, as in Azure. Where anybody might come in, all do: callers have no addresses. */
async function refusalOf(
  call: Call,
  caller: PrincipalCaller,
  vault: Vault,
  guard: PermissionGuard,
  scope: ResourceId,
): Promise<Failure | undefined> {
  const { publicAccess } = vault
  if (publicAccess !== 'open' && !(await hasPrivateEndpoint(call, vault.id))) {
    return shutToNetwork(call, caller, vault, publicAccess)
  }
  if (vault.enableRbac) return refusedByRoles(call, caller, vault, guard.action, scope)
  return refusedByPolicies(call, caller, vault, guard)
}

function shutToNetwork(
  call: Call,
  caller: PrincipalCaller,
  vault: Vault,
  shut: keyof typeof SHUT,
): Failure {
  const [why, inner] = SHUT[shut]
  const lines = [
    ...why,
    `Caller: appid=${caller.clientId};oid=${caller.objectId};iss=${issuerV1(call.tenantId)}`,
    `Vault: ${vault.name};location=${vault.location}`,
  ]
  return new Failure('forbidden', 'Forbidden', lines.join('\r\n'), { inner })
}

async function refusedByRoles(
  call: Call,
  caller: PrincipalCaller,
  vault: Vault,
  action: string,
  scope: ResourceId,
): Promise<Failure | undefined> {
  const question = { principalId: caller.objectId, kind: 'dataAction', scope } as const
  const decision = await isAllowed(call, { ...question, action })
  if (decision.allowed) return undefined
  if (READ_SUFFICES.has(action)) {
    const reading = await isAllowed(call, { ...question, action: READ_KEY })
    if (reading.allowed) return undefined
  }
  return forbiddenByRbac(caller, vault, action, scope, decision, issuerV1(call.tenantId))
}

async function refusedByPolicies(
  call: Call,
  caller: PrincipalCaller,
  vault: Vault,
  { accessPolicy, action }: PermissionGuard,
): Promise<Failure | undefined> {
  if (accessPolicy === undefined) throw new Error(`${action} has no access-policy permission`)
  const { collection, permission } = accessPolicy
  const objectIds = await principalsOf(call, caller.objectId)
  const subject = { tenantId: call.tenantId, objectIds, applicationId: caller.clientId }
  if (policiesAllow(vault.accessPolicies, subject, collection as PolicyCollection, permission)) {
    return undefined
  }
  const who =
    `appid=${caller.clientId};oid=${caller.objectId};numgroups=${objectIds.length - 1};` +
    `iss=${issuerV1(call.tenantId)}`
  return new Failure(
    'forbidden',
    'Forbidden',
    `The user, group or application '${who}' does not have ${collection} ${permission} permission ` +
      `on key vault '${vault.name};location=${vault.location}'. For help resolving this issue, ` +
      'please see https://go.microsoft.com/fwlink/?linkid=2125287',
    { inner: 'ForbiddenByPolicy' },
  )
}

function forbiddenByRbac(
  caller: PrincipalCaller,
  vault: Vault,
  action: string,
  scope: ResourceId,
  decision: Decision & { readonly allowed: false },
  issuer: string,
): Failure {
  const lines = [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please ' +
      'observe propagation time.',
    `Caller: appid=${caller.clientId};oid=${caller.objectId};iss=${issuer}`,
    `Action: '${action}'`,
    `Resource: '${scope.key}'`,
    'Assignment: (not found)',
    'DenyAssignmentId: null',
    "DecisionReason: 'DeniedWithNoValidRBAC' ",
    `Vault: ${vault.name};location=${vault.location}`,
    '',
  ]
  return new Failure('forbidden', 'Forbidden', lines.join('\r\n'), {
    inner: 'ForbiddenByRbac',
    cause: decision.nearest && `the nearest role that would allow it: ${decision.nearest.name}`,
  })
}
