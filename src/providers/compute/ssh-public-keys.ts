import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { storedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { newSshKeyPair, type SshKeyPair } from './ssh-key-pair.ts'

const properties = z.looseObject({ publicKey: z.string().optional() })

/** An SSH key for machines: the public half. The private one is shown once, and never kept. */
export const sshPublicKeys = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/sshPublicKeys',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { pattern: /^[A-Za-z0-9_]([A-Za-z0-9._()-]{0,126}[A-Za-z0-9_()-])?$/ },
  properties,
  shows: { provisioningState: false },
  async settle(_tx, { properties: { publicKey } }, before) {
    if (publicKey !== undefined && !/^(?:ssh-(?:rsa|ed25519)|ecdsa-\S+) \S/.test(publicKey)) {
      throw new Failure(
        'invalid',
        'InvalidParameter',
        'The value of parameter publicKey is invalid: it is no SSH public key.',
        { target: 'publicKey' },
      )
    }
    const kept = publicKey ?? before?.properties.publicKey
    return { properties: kept === undefined ? {} : { publicKey: kept } }
  },
  preparations: { generateKeyPair: (body) => newSshKeyPair(kindOf(body)) },
  actions: {
    async generateKeyPair(_tx, { id }, _body, prepared) {
      const pair = prepared as SshKeyPair
      return { body: { ...pair, id: id.text }, properties: { publicKey: pair.publicKey } }
    },
  },
})

/** @throws Failure invalid when it is neither */
function kindOf(body: unknown): 'RSA' | 'Ed25519' {
  const read = z.strictObject({ encryptionType: z.enum(['RSA', 'Ed25519']).nullish() }).optional()
  const asked = read.safeParse(body)
  if (asked.success) return asked.data?.encryptionType ?? 'RSA'
  throw new Failure(
    'invalid',
    'InvalidParameter',
    "The request may hold nothing but an encryptionType, which is 'RSA' or 'Ed25519'.",
    { target: 'encryptionType' },
  )
}
