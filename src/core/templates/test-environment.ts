/** For tests of expressions: a place, some parameters and variables, and facts that are given. */
import type { Instant } from '../../base/clock.ts'
import type { Environment, Place, Wanted } from './environment.ts'
import { evaluateText } from './evaluate.ts'
import { ExpressionError } from './invalid.ts'
import type { Json } from './value.ts'

export const SUBSCRIPTION_ID = '11111111-2222-3333-4444-555555555555'

export const somePlace: Place = {
  scope: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg`,
  tenantId: '99999999-2222-3333-4444-555555555555',
  subscription: {
    id: `/subscriptions/${SUBSCRIPTION_ID}`,
    subscriptionId: SUBSCRIPTION_ID,
    tenantId: '99999999-2222-3333-4444-555555555555',
    displayName: 'Test',
  },
  resourceGroup: {
    id: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg`,
    name: 'rg',
    location: 'westeurope',
    tags: {},
  },
  managementGroup: undefined,
  tenant: { tenantId: '99999999-2222-3333-4444-555555555555' },
  deployment: { name: 'dep', properties: { mode: 'Incremental' } },
  deployer: { objectId: 'me' },
  environment: { name: 'AzureCloud', suffixes: { keyvaultDns: '.vault.azure.net' } },
}

export function someEnvironment(facts: Partial<Environment> = {}): Environment {
  const parameters: Readonly<Record<string, Json>> = {
    name: 'app',
    count: 3,
    list: ['a', 'b', 'c'],
    object: { one: 1, Two: { deep: [10, 20] } },
    nothing: null,
  }
  return {
    place: somePlace,
    parameter(name) {
      const value = parameters[name]
      if (value !== undefined) return value
      throw new ExpressionError(`The template parameter '${name}' is not found`)
    },
    variable: (name) => `variable ${name}`,
    userFunction: (name) =>
      name === 'my.twice'
        ? {
            parameters: [{ name: 'x', type: 'int' }],
            output: "[mul(2, parameters('x'))]",
          }
        : undefined,
    copyIndex: () => undefined,
    locals: new Map(),
    known: () => [],
    fact: () => undefined,
    fresh: undefined,
    noReferences: false,
    ...facts,
  }
}

export const FRESH = {
  now: Date.parse('2026-01-15T09:30:05.250Z') as Instant,
  newGuid: () => '00000000-0000-4000-8000-000000000000',
}

/** The value of an expression, as JSON; a symbol when it is deferred. */
export function value(expression: string, facts: Partial<Environment> = {}): unknown {
  return evaluateText(expression, someEnvironment(facts))
}

/** What an expression asks of the running estate. */
export function wantedBy(expression: string): Wanted[] {
  const wanted: Wanted[] = []
  value(expression, {
    fact(one) {
      wanted.push(one)
      return undefined
    },
  })
  return wanted
}
