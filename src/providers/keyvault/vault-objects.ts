/** What secrets and keys of a vault share where Resource Manager writes them. */
import { z } from 'zod'
import { type Instant, SECOND_MS } from '../../base/clock.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource } from '../../core/resources/resource.ts'
import {
  type AttributeChanges,
  type Attributes,
  LAST_SECOND,
  shownAttributes,
  type Tags,
} from '../../core/secrets/attributes.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { badRequest } from './vault-properties.ts'
import { vaultOf } from './vault-settings.ts'

const time = z.int().min(0).max(LAST_SECOND).nullish()

/** Members of answers, which clients send back; they change nothing. */
export const documentMembers = {
  id: z.unknown().optional(),
  name: z.unknown().optional(),
  type: z.unknown().optional(),
  location: z.unknown().optional(),
}

export const tagsMember = z.record(z.string(), z.string()).nullish()

export const attributeMembers = {
  enabled: z.boolean().nullish(),
  nbf: time,
  exp: time,
  created: z.unknown().optional(),
  updated: z.unknown().optional(),
}

interface AskedAttributes {
  readonly enabled?: boolean | null | undefined
  readonly nbf?: number | null | undefined
  readonly exp?: number | null | undefined
}

export function changesOf(asked: AskedAttributes | null | undefined): AttributeChanges {
  return {
    enabled: asked?.enabled ?? undefined,
    notBefore: instant(asked?.nbf),
    expires: instant(asked?.exp),
  }
}

/** @throws Failure invalid when nobody asks whether the vault is there before */
export async function vaultAbove(call: Call, id: ResourceId | undefined): Promise<Vault> {
  const resource = id && (await findResource(call, id))
  if (resource) return vaultOf(resource)
  throw badRequest('There is no such vault.')
}

export interface ShownObject {
  readonly name: string
  readonly version: string
  readonly tags: Tags | undefined
  readonly attributes: Attributes
}

/** A secret or key, or one version of it, as a resource. */
export function objectDocument(
  call: Call,
  vault: Vault,
  collection: 'secrets' | 'keys',
  { name, version, tags, attributes }: ShownObject,
  properties: Readonly<Record<string, unknown>>,
  as: 'newest' | 'version' = 'newest',
): object {
  const below = as === 'newest' ? name : `${name}/versions/${version}`
  const id = parseResourceId(`${vault.id.text}/${collection}/${below}`)
  const uri = `${call.names.accountOrigin('vault', vault.name)}/${collection}/${name}`
  const member = collection === 'secrets' ? 'secretUri' : 'keyUri'
  return {
    id: id.text,
    name: id.name,
    type: id.type,
    location: vault.location,
    tags: tags ?? {},
    properties: {
      ...properties,
      attributes: shownAttributes(attributes),
      [member]: uri,
      [`${member}WithVersion`]: `${uri}/${version}`,
    },
  }
}

function instant(seconds: number | null | undefined): Instant | undefined {
  return seconds === undefined || seconds === null ? undefined : ((seconds * SECOND_MS) as Instant)
}
