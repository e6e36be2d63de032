import { z } from 'zod'
import { oneOf } from '../one-of.ts'
import { storedType } from '../provider.ts'
import { withoutSecrets } from '../without-secrets.ts'

const container = z.looseObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  properties: z.looseObject({
    image: z.string(),
    resources: z.looseObject({}).optional(),
  }),
})
const properties = z.looseObject({
  containers: z.array(container).min(1).max(60),
  osType: oneOf(['Linux', 'Windows']).optional(),
  restartPolicy: oneOf(['Always', 'OnFailure', 'Never']).optional(),
  sku: z.string().optional(),
})

/** A container group. Its secure values and passwords go in and are not kept. */
export const containerGroups = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.ContainerInstance/containerGroups',
  apiVersions: [
    '2018-10-01',
    '2019-12-01',
    '2021-10-01',
    '2022-10-01-preview',
    '2023-05-01',
    '2024-05-01-preview',
    '2025-09-01',
    '2026-06-01-preview',
  ],
  place: 'group',
  unmovable: true,
  location: 'required',
  identity: 'system-and-user',
  envelope: ['zones'],
  names: { pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/ },
  properties,
  async settle(_tx, { properties: asked }) {
    const { instanceView: _, ...given } = withoutSecrets(asked)
    return {
      properties: {
        sku: 'Standard',
        osType: 'Linux',
        restartPolicy: 'Always',
        initContainers: [],
        isCustomProvisioningTimeout: false,
        ...given,
      },
    }
  },
  async shown(_call, { properties: kept }) {
    return { ...kept, instanceView: { events: [], state: 'Stopped' } }
  },
  actions: {
    start: async () => ({ status: 204 }),
    stop: async () => ({ status: 204 }),
    restart: async () => ({ status: 204 }),
  },
})
