/** Examples of template deployments, and of what hangs on one. */
import type { Body, TypeExample } from './type-example.ts'
import { WALKED } from './world.ts'

const TEMPLATE = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: { greeting: { type: 'string' } },
  resources: [],
  outputs: { said: { type: 'string', value: "[parameters('greeting')]" } },
}

const deployment: Body = {
  properties: {
    mode: 'Incremental',
    template: TEMPLATE,
    parameters: { greeting: { value: 'Hello.' } },
  },
}

export const DEPLOYMENT_TYPES: Readonly<Record<string, TypeExample>> = {
  'Microsoft.Resources/deployments': {
    put: () => deployment,
    actions: {
      validate: deployment,
      whatIf: deployment,
      cancel: undefined,
      exportTemplate: undefined,
    },
  },
  'Microsoft.Resources/templateSpecs': {
    put: () => ({
      location: 'westeurope',
      tags: {},
      properties: { displayName: 'Walked', description: 'Made by the walk.' },
    }),
    patch: { tags: { changed: 'by the walk' } },
  },
  'Microsoft.Resources/templateSpecs/versions': {
    put: () => ({
      location: 'westeurope',
      properties: { description: 'Made by the walk.', mainTemplate: TEMPLATE },
    }),
    patch: { tags: { changed: 'by the walk' } },
  },
  'Microsoft.Resources/deployments/operations': { names: () => [WALKED, 'ABCDEF0123456789'] },
  'Microsoft.Resources/deployments/operationStatuses': {
    names: () => [WALKED, '0858000001768469400'],
  },
}
