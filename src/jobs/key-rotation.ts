/** The rotation job: keys get their next version when their policy says that it is time. */
import { HOUR_MS } from '../base/clock.ts'
import { record } from '../core/audit/audit.ts'
import type { Call } from '../core/call.ts'
import { generateNextMaterial, rotateKey } from '../core/secrets/rotation.ts'
import { isKeyDueForRotation, keysDueForRotation } from '../core/secrets/rotation-policies.ts'
import type { Vault } from '../core/secrets/vault.ts'
import { transaction } from '../core/transaction.ts'
import type { Job } from './job.ts'

/** @param vaultsOf all vaults there are; what deleted ones hold is not rotated */
export function keyRotationJob(vaultsOf: (call: Call) => Promise<readonly Vault[]>): Job {
  return {
    name: 'key-rotation',
    everyMs: HOUR_MS,
    async run(call) {
      for (const vault of await vaultsOf(call)) {
        for (const name of await keysDueForRotation(call, vault)) await rotate(call, vault, name)
      }
    },
  }
}

async function rotate(call: Call, vault: Vault, name: string): Promise<void> {
  const material = await generateNextMaterial(call, { vault, name })
  await transaction(call, async (tx) => {
    // Somebody may have rotated it, or changed its policy, while the key was made.
    if (!(await isKeyDueForRotation(tx, { vault, name }))) return
    const { version } = await rotateKey(tx, { vault, name, material })
    const scope = `${vault.id.text}/keys/${name}`
    const action = 'Microsoft.KeyVault/vaults/keys/rotate/action'
    await record(tx, { action, scope, outcome: 'done', facts: { version } })
  })
}
