/**
 * Parameters whose value a vault keeps: `{ reference: { keyVault: { id }, secretName } }`. Who
 * deploys must be allowed to use the vault for it, and needs to read no secret.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { isObject, type Json, type JsonObject, member } from '../../core/templates/value.ts'
import type { Lent } from '../provider.ts'

export interface GivenParameters {
  /** `{ name: { value } }`, with what vaults gave. */
  readonly given: JsonObject
  /** By the name of the parameter, as given. */
  readonly references: ReadonlyMap<string, JsonObject>
}

const schema = z.object({
  keyVault: z.object({ id: z.string() }),
  secretName: z.string(),
  secretVersion: z.string().nullish(),
})

/** @throws Failure `KeyVaultParameterReference…`; forbidden without `vaults/deploy/action` */
export async function withSecrets(
  call: Call,
  lent: Lent,
  parameters: JsonObject,
): Promise<GivenParameters> {
  const given: Record<string, Json> = { ...parameters }
  const references = new Map<string, JsonObject>()
  for (const [name, parameter] of Object.entries(parameters)) {
    const reference = isObject(parameter) ? member(parameter, 'reference') : undefined
    if (!isObject(reference)) continue
    given[name] = { value: await secretFor(call, lent, name, reference) }
    references.set(name.toLowerCase(), reference)
  }
  return { given, references }
}

async function secretFor(
  call: Call,
  lent: Lent,
  parameter: string,
  reference: JsonObject,
): Promise<string> {
  const read = schema.safeParse(reference)
  if (!read.success) {
    throw new Failure(
      'invalid',
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: 'The reference of the parameter '${parameter}' needs 'keyVault.id' and 'secretName'.'.`,
    )
  }
  const { keyVault, secretName, secretVersion } = read.data
  const keeper = parseResourceId(keyVault.id)
  try {
    const asked = { name: secretName, version: secretVersion ?? undefined }
    return (await lent.secretOf(call, keeper, asked)).reveal()
  } catch (reason) {
    if (!(reason instanceof Failure) || OF_WHO_DEPLOYS.has(reason.code)) throw reason
    const status = reason.fault === 'missing' ? 'NotFound' : 'Forbidden'
    throw new Failure(
      'invalid',
      'KeyVaultParameterReferenceSecretRetrieveFailed',
      `The secret of KeyVault parameter '${parameter}' cannot be retrieved. Http status code: '${status}'. Error message: '${reason.message}'. Please see https://aka.ms/arm-keyvault for usage details.`,
    )
  }
}

/** What is refused before the vault is asked. */
const OF_WHO_DEPLOYS: ReadonlySet<string> = new Set([
  'AuthorizationFailed',
  'KeyVaultParameterReferenceNotFound',
])
