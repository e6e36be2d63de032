import { z } from 'zod'
import { storedType } from '../provider.ts'
import { RESOURCES_API_VERSIONS } from './api-versions.ts'

/** A resource group. Deleting it deletes all in it: the engine walks what is below a scope. */
export const resourceGroups = storedType({
  kind: 'stored',
  name: 'Microsoft.Resources/resourceGroups',
  actionPrefix: 'Microsoft.Resources/subscriptions/resourceGroups',
  apiVersions: RESOURCES_API_VERSIONS,
  place: 'subscription',
  location: 'required',
  identity: 'none',
  envelope: ['managedBy'],
  names: {
    pattern: /^[-\p{L}\p{N}_.()]{0,89}[-\p{L}\p{N}_()]$/u,
    code: 'InvalidResourceGroupName',
    message:
      "The provided resource group name '{name}' has these invalid characters or its form is not " +
      'valid: it has 1 to 90 letters, digits, underscores, parentheses, hyphens and periods, and ' +
      'does not end with a period.',
  },
  properties: z.object({}),
  // Its operation ends when the machines that were in it have.
  removal: { job: 'machines' },
  async settle() {
    return { properties: {} }
  },
})
