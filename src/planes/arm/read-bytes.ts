/**
 * Bodies: strict JSON, but for those that carry templates, which are read as templates are written.
 */
import { readLenientJson } from '../../core/templates/lenient-json.ts'
import { readJson } from '../../http/read.ts'
import type { Arrival } from '../../http/route.ts'
import type { Registry } from './registry.ts'
import { findTarget } from './target.ts'

/** @throws Failure invalid, when the body or the path cannot be read */
export function readBytes(registry: Registry, bytes: Buffer, { path }: Arrival): unknown {
  const target = findTarget(path)
  const type = target && registry.find(target.kind === 'resource' ? target.id.type : target.at.type)
  const isTemplate = type?.kind === 'derived' && type.body === 'template'
  return isTemplate ? readLenientJson(bytes) : readJson(bytes)
}
