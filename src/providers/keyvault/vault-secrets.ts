/**
 * `{vault}/secrets/{name}`: secrets written by templates. Whoever may write there sets values, and
 * sees none: values are read in the vault's own plane, by who may read them there.
 */
import { z } from 'zod'
import { epochSeconds, type Instant, SECOND_MS } from '../../base/clock.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import { findResource } from '../../core/resources/resource.ts'
import { notFound } from '../../core/secrets/collection.ts'
import type { SecretVersion } from '../../core/secrets/secrets.ts'
import { listSecrets, listSecretVersions, setSecret } from '../../core/secrets/secrets.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'
import { badRequest } from './vault-properties.ts'
import { vaultOf } from './vault-settings.ts'

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799
const PAGE = 1000

const time = z.int().min(0).max(LAST_SECOND).nullish()

const secretBody = z.strictObject({
  id: z.unknown().optional(),
  name: z.unknown().optional(),
  type: z.unknown().optional(),
  location: z.unknown().optional(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.strictObject({
    value: z.string(),
    contentType: z.string().nullish(),
    attributes: z.strictObject({ enabled: z.boolean().nullish(), nbf: time, exp: time }).nullish(),
  }),
})

export const vaultSecrets: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/vaults/secrets',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const { vault } = await vaultAbove(call, id.parent)
    const secret = await newest(call, vault, id.name)
    return { status: 200, body: document(call, vault, secret) }
  },
  async list(call, scope) {
    const { vault } = await vaultAbove(call, scope)
    const value: object[] = []
    let after: string | undefined
    do {
      const page = await listSecrets(call, { vault, after, size: PAGE })
      value.push(...page.items.map((secret) => document(call, vault, secret)))
      after = page.next
    } while (after !== undefined)
    return { status: 200, body: { value } }
  },
  async put(tx, id, body) {
    const read = secretBody.safeParse(body)
    if (!read.success) throw badRequest('The secret is not valid: it has a value, and attributes.')
    const { vault } = await vaultAbove(tx, id.parent)
    const { tags, properties } = read.data
    const { value, contentType, attributes } = properties
    const secret = await setSecret(tx, {
      vault,
      name: id.name,
      value: new Secret(value),
      contentType: contentType ?? undefined,
      tags: tags ?? undefined,
      attributes: {
        enabled: attributes?.enabled ?? undefined,
        notBefore: instant(attributes?.nbf),
        expires: instant(attributes?.exp),
      },
    })
    return { status: 200, body: document(tx, vault, secret) }
  },
}

async function vaultAbove(call: Call, id: ResourceId | undefined): Promise<{ vault: Vault }> {
  const resource = id && (await findResource(call, id))
  if (resource) return { vault: vaultOf(resource) }
  throw badRequest('There is no such vault.')
}

/** Disabled ones too: what is shown of them is no value. */
async function newest(call: Call, vault: Vault, name: string): Promise<SecretVersion> {
  let secret: SecretVersion | undefined
  let after: string | undefined
  do {
    const page = await listSecretVersions(call, { vault, name, after, size: PAGE })
    secret = page.items.at(-1) ?? secret
    after = page.next
  } while (after !== undefined)
  if (secret) return secret
  throw notFound('secrets', { vault, name })
}

function document(call: Call, vault: Vault, secret: SecretVersion): object {
  const { name, version, contentType, attributes } = secret
  const id = parseResourceId(`${vault.id.text}/secrets/${name}`)
  const uri = `${call.names.accountOrigin('vault', vault.name)}/secrets/${name}`
  return {
    id: id.text,
    name,
    type: 'Microsoft.KeyVault/vaults/secrets',
    location: vault.location,
    tags: secret.tags ?? {},
    properties: {
      ...(contentType !== undefined && { contentType }),
      attributes: {
        enabled: attributes.enabled,
        ...(attributes.notBefore !== undefined && { nbf: epochSeconds(attributes.notBefore) }),
        ...(attributes.expires !== undefined && { exp: epochSeconds(attributes.expires) }),
        created: epochSeconds(attributes.created),
        updated: epochSeconds(attributes.updated),
      },
      secretUri: uri,
      secretUriWithVersion: `${uri}/${version}`,
    },
  }
}

function instant(seconds: number | null | undefined): Instant | undefined {
  return seconds === undefined || seconds === null ? undefined : ((seconds * SECOND_MS) as Instant)
}
