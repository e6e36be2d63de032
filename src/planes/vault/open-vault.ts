/** The vault a request is for: named by its host, and by nothing else. */
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { findVault } from '../../providers/keyvault/vault-settings.ts'

/**
 * In Azure the name of a vault that is not there does not resolve; here the host answers for it.
 * @throws Failure missing `VaultNotFound`
 */
export async function openVault(call: Call, name: string | undefined): Promise<Vault> {
  const vault = name === undefined ? undefined : await findVault(call, name)
  if (vault) return vault
  throw new Failure('missing', 'VaultNotFound', `The key vault '${name ?? ''}' was not found.`)
}
