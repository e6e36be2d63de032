import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { DEFAULT_RULES } from './default-rules.ts'
import { NETWORK_NAME } from './names.ts'
import { RULE_TYPE, ruleDocument } from './security-rules.ts'

const properties = z.looseObject({
  securityRules: z
    .array(z.looseObject({ name: z.string(), properties: z.looseObject({}) }))
    .optional(),
})

/** A network security group: its rules are kept and shown; nothing here filters packets. */
export const securityGroups = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Network/networkSecurityGroups',
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  async settle(_tx, { properties: { securityRules } }, before) {
    return {
      properties: { resourceGuid: before?.properties.resourceGuid ?? randomUUID() },
      ...(securityRules && {
        children: [
          {
            type: RULE_TYPE,
            items: securityRules.map(({ name, properties: body }) => ({
              name,
              body: { properties: body },
            })),
          },
        ],
      }),
    }
  },
  inUse(group, by) {
    return new Failure(
      'invalid',
      'InUseNetworkSecurityGroupCannotBeDeleted',
      `Network security group ${group.id.text} cannot be deleted because it is in use by the ` +
        `following resources: ${by.join(', ')}. In order to delete the Network security group, ` +
        'remove the association with the resource(s). To learn how to do this, see ' +
        'aka.ms/deletensg.',
    )
  },
  async shown(call, group) {
    const users = (await usersOf(call, group.id)).map(({ from }) => ({ id: from }))
    const subnets = users.filter(({ id }) => /\/subnets\/[^/]+$/i.test(id))
    const interfaces = users.filter(({ id }) => /\/networkInterfaces\/[^/]+$/i.test(id))
    const rules = await listResources(call, {
      parentKey: group.id.key,
      types: [RULE_TYPE.toLowerCase()],
    })
    return {
      ...group.properties,
      securityRules: rules.items.map(ruleDocument),
      defaultSecurityRules: defaultRules(group),
      ...(interfaces.length > 0 && { networkInterfaces: interfaces }),
      ...(subnets.length > 0 && { subnets }),
    }
  },
})

function defaultRules({ id, version }: Resource): object[] {
  return DEFAULT_RULES.map(({ name, ...rule }) => ({
    id: `${id.text}/defaultSecurityRules/${name}`,
    name,
    type: 'Microsoft.Network/networkSecurityGroups/defaultSecurityRules',
    etag: `"${version}"`,
    properties: {
      provisioningState: 'Succeeded',
      ...rule,
      protocol: '*',
      sourcePortRange: '*',
      destinationPortRange: '*',
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    },
  }))
}
