/** Parameters, variables and the scopes a deployment stands in. */
import type { Environment, Place } from '../environment.ts'
import { ExpressionError } from '../invalid.ts'
import type { JsonObject } from '../value.ts'
import { type Family, row, text } from './function.ts'

export const deploymentFunctions: Family = {
  parameters: row(1, ([name], environment) => environment.parameter(text(name))),
  variables: row(1, ([name], environment) => environment.variable(text(name))),
  deployment: row(0, (_args, { place }) => place.deployment),
  deployer: row(0, (_args, { place }) => place.deployer),
  environment: row(0, (_args, { place }) => place.environment),
  tenant: row(0, (_args, { place }) => place.tenant),
  subscription: row(0, scoped('subscription')),
  resourceGroup: row(0, scoped('resourceGroup')),
  managementGroup: row(0, scoped('managementGroup')),
}

function scoped(name: 'subscription' | 'resourceGroup' | 'managementGroup') {
  return (_args: readonly unknown[], { place }: Environment): JsonObject => {
    const document = place[name]
    if (document) return document
    throw new ExpressionError(
      `The template function '${name.toUpperCase()}' is not expected at this location. It cannot be used in a deployment at the scope '${scopeName(place)}'. Please see https://aka.ms/arm-functions for usage details`,
    )
  }
}

function scopeName({ resourceGroup, subscription, managementGroup }: Place): string {
  if (resourceGroup) return 'resource group'
  if (subscription) return 'subscription'
  return managementGroup ? 'management group' : 'tenant'
}
