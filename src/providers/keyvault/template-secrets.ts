/** Secrets handed to templates: the vault must be open to them; the engine asks who deploys. */
import { Failure } from '../../base/failure.ts'
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { readSecret } from '../../core/secrets/secrets.ts'
import type { SecretAsked } from '../provider.ts'
import { vaultOf } from './vault-settings.ts'

/** @throws Failure forbidden when the vault is not open to templates; missing `SecretNotFound` */
export async function templateSecret(
  call: Call,
  vault: Resource,
  asked: SecretAsked,
): Promise<Secret<string>> {
  if (vault.properties.enabledForTemplateDeployment !== true) {
    throw new Failure(
      'forbidden',
      'Forbidden',
      'Access denied to first party service. The vault is not enabled for template deployment.',
    )
  }
  return (await readSecret(call, { vault: vaultOf(vault), ...asked })).value
}
