/**
 * What an expression can see from where it stands.
 */
import type { Instant } from '../../base/clock.ts'
import type { Json, JsonObject, Value } from './value.ts'

/** Something only the running estate knows. Its key tells two apart. */
export type Wanted =
  | { readonly kind: 'resource'; readonly id: string; readonly apiVersion: string }
  | {
      readonly kind: 'list'
      /** `listKeys`. */
      readonly action: string
      readonly id: string
      readonly apiVersion: string
      readonly body: Json
    }

/** Where a deployment runs, as `resourceGroup()`, `subscription()` and their like tell it. */
export interface Place {
  /** The scope's own id; `/` is the tenant. */
  readonly scope: string
  readonly tenantId: string
  /** Documents; undefined where the deployment's scope has none. */
  readonly subscription: JsonObject | undefined
  readonly resourceGroup: JsonObject | undefined
  readonly managementGroup: JsonObject | undefined
  readonly tenant: JsonObject
  readonly deployment: JsonObject
  readonly deployer: JsonObject
  readonly environment: JsonObject
}

/** A resource of the template, as `reference` finds it by name. */
export interface Known {
  readonly id: string
  readonly apiVersion: string
  readonly name: string
  readonly type: string
  /** Whether its condition holds. */
  readonly deployed: boolean
}

export interface UserFunction {
  readonly parameters: readonly { readonly name: string; readonly type: string }[]
  readonly output: Json
}

export interface Environment {
  readonly place: Place
  /** @throws ExpressionError when there is none */
  parameter(name: string): Value
  /** @throws ExpressionError when there is none */
  variable(name: string): Value
  /** By `namespace.name`. */
  userFunction(name: string): UserFunction | undefined
  /** The present turn of a loop, the innermost when none is named. */
  copyIndex(loop: string | undefined): number | undefined
  /** Variables of the lambdas around. */
  readonly locals: ReadonlyMap<string, Json>
  /** Resources of the template with this name or symbolic name, in the order of their loop. */
  known(name: string): readonly Known[]
  /** The fact, or undefined when it is not known yet. */
  fact(wanted: Wanted): Json | undefined
  /** Only where parameters get their defaults: what differs each time. */
  readonly fresh: { readonly now: Instant; newGuid(): string } | undefined
  /** Set where references cannot be: the names of resources, conditions, variables, … */
  readonly noReferences: boolean
}
