import { LOCATIONS } from '../../core/resources/locations.ts'
import type { DerivedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'

const NAME = 'Microsoft.Web/geoRegions'

/** Where plans of a size can be had: in all regions. */
export const geoRegions: DerivedType = {
  kind: 'derived',
  name: NAME,
  apiVersions: WEB_API_VERSIONS,
  place: 'subscription',
  async list(_call, at) {
    const value = LOCATIONS.map(({ displayName }) => ({
      id: `${at.text}/providers/${NAME}/${displayName}`,
      name: displayName,
      type: NAME,
      properties: {
        name: displayName,
        displayName,
        description: null,
        orgDomain:
          'PUBLIC;DYNAMIC;LINUX;LINUXDYNAMIC;ELASTICPREMIUM;FLEXCONSUMPTION;FCZONEREDUNDANCY',
      },
    }))
    return { status: 200, body: { value } }
  },
}
