import { z } from 'zod'
import { storedType } from '../provider.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({
  publisher: z.string(),
  type: z.string(),
  typeHandlerVersion: z.string(),
  autoUpgradeMinorVersion: z.boolean().optional(),
  enableAutomaticUpgrade: z.boolean().optional(),
  settings: z.looseObject({}).optional(),
  protectedSettings: z.looseObject({}).optional(),
})

/**
 * An extension of a virtual machine: kept and shown, without its protected settings. What it would
 * do to the machine is not done: scripts are run by runCommand.
 */
export const extensions = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/virtualMachines/extensions',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'optional',
  identity: 'none',
  names: { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/ },
  properties,
  async settle(_tx, { properties: asked }) {
    return { properties: withoutSecrets({ autoUpgradeMinorVersion: false, ...asked }) }
  },
})
