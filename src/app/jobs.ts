/**
 * What happens later: every job of the program, one line each.
 */

import { purgeDue } from '../core/secrets/deletion.ts'
import { deploymentsJob } from '../jobs/deployments.ts'
import { identityCertificatesJob } from '../jobs/identity-certificates.ts'
import type { Job } from '../jobs/job.ts'
import { machinesJob } from '../jobs/machines.ts'
import { runCommandsJob } from '../jobs/run-commands.ts'
import { signInsJob } from '../jobs/sign-ins.ts'
import { signingKeysJob } from '../jobs/signing-keys.ts'
import { vaultPurgeJob } from '../jobs/vault-purge.ts'
import type { Machines } from '../machines/machines.ts'
import { openManage } from '../planes/arm/manage.ts'
import { purgeDueVaults } from '../providers/keyvault/deleted-vaults.ts'
import { PROVIDERS } from './doors.ts'

const VAULT_PURGES = [purgeDue, purgeDueVaults]

export function jobsOf(machines: Machines): Job[] {
  return [
    signingKeysJob,
    signInsJob,
    machinesJob(machines),
    deploymentsJob(openManage(PROVIDERS)),
    runCommandsJob(machines),
    identityCertificatesJob,
    vaultPurgeJob(VAULT_PURGES),
  ]
}
