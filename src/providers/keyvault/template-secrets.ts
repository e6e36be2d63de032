/**
 * Secrets handed to templates: the vault must be open to them, and to Azure's own services where it
 * is shut to the network; the engine asks who deploys.
 */
import { Failure } from '../../base/failure.ts'
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { readSecret } from '../../core/secrets/secrets.ts'
import type { SecretAsked } from '../provider.ts'
import { type NetworkAcls, publicAccessOf } from './vault-network.ts'
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
  const acls = vault.properties.networkAcls as NetworkAcls | undefined
  if (acls?.bypass === 'None' && publicAccessOf(vault.properties) !== 'open') {
    throw new Failure(
      'forbidden',
      'Forbidden',
      'Client address is not authorized and caller is not a trusted service.',
    )
  }
  return (await readSecret(call, { vault: vaultOf(vault), ...asked })).value
}
