/**
 * One request to Resource Manager, as every verb sees it: what it names, already understood.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Call } from '../../core/call.ts'
import type { Lent, Query, Type } from '../../providers/provider.ts'
import type { Registry } from './registry.ts'

export interface Asking {
  readonly registry: Registry
  readonly apiVersion: string
  readonly path: string
  readonly query: Query
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  /** For types that work on the resources of others. */
  readonly lent: Lent
}

/** `Microsoft.Compute/virtualMachines`, or what stands for it in actions. */
export function actionPrefix(type: Type): string {
  return type.actionPrefix ?? type.name
}

/** What POST of an action needs; '' is POST on the collection. */
export function actionOf(type: Type, name: string): string {
  if (name !== '') return `${actionPrefix(type)}/${name}/action`
  const own = type.kind === 'derived' ? type.collectionAction : undefined
  return own ?? `${actionPrefix(type)}/action`
}

/** An absolute URL of Resource Manager, by the names the caller uses. */
export function managementUrl(call: Call, path: string, query: Query): string {
  const parameters = new URLSearchParams(query)
  return `${call.names.origin('management')}${path}?${parameters}`
}
