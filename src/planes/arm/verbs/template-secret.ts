/** The value of a secret for the parameter of a template: named by the id of what keeps it. */
import { Failure } from '../../../base/failure.ts'
import type { ResourceId } from '../../../base/resource-id.ts'
import type { Secret } from '../../../base/secret.ts'
import type { Call } from '../../../core/call.ts'
import { findResource } from '../../../core/resources/resource.ts'
import type { SecretAsked } from '../../../providers/provider.ts'
import { actionPrefix } from '../asking.ts'
import { permit } from '../permit.ts'
import type { Registry } from '../registry.ts'

/**
 * @throws Failure forbidden `AuthorizationFailed` without `{type}/deploy/action`;
 *   missing `KeyVaultParameterReferenceNotFound`; what the type refuses
 */
export async function templateSecretOf(
  registry: Registry,
  call: Call,
  id: ResourceId,
  asked: SecretAsked,
): Promise<Secret<string>> {
  const type = registry.find(id.type)
  if (type?.kind !== 'stored' || !type.templateSecret) throw noVault(id)
  await permit(call, `${actionPrefix(type)}/deploy/action`, id)
  const keeper = await findResource(call, id)
  if (!keeper) throw noVault(id)
  return type.templateSecret(call, keeper, asked)
}

function noVault({ text }: ResourceId): Failure {
  return new Failure(
    'missing',
    'KeyVaultParameterReferenceNotFound',
    `The specified KeyVault '${text}' could not be found. Please see https://aka.ms/arm-keyvault for usage details.`,
  )
}
