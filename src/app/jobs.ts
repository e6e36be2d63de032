/**
 * What happens later: every job of the program, one line each. A name that could be woken without a
 * job to run does not compile.
 */
import type { JobName } from '../core/job-names.ts'
import { purgeDue } from '../core/secrets/deletion.ts'
import { deploymentsJob } from '../jobs/deployments.ts'
import { directoryPurgeJob } from '../jobs/directory-purge.ts'
import { identityCertificatesJob } from '../jobs/identity-certificates.ts'
import type { Job } from '../jobs/job.ts'
import { keyRotationJob } from '../jobs/key-rotation.ts'
import { machinesJob } from '../jobs/machines.ts'
import { runCommandsJob } from '../jobs/run-commands.ts'
import { signInsJob } from '../jobs/sign-ins.ts'
import { signingKeysJob } from '../jobs/signing-keys.ts'
import { vaultPurgeJob } from '../jobs/vault-purge.ts'
import type { Machines } from '../machines/machines.ts'
import { openManage } from '../planes/arm/manage.ts'
import { purgeDueVaults } from '../providers/keyvault/deleted-vaults.ts'
import { allVaults } from '../providers/keyvault/vault-settings.ts'
import { PROVIDERS } from './doors.ts'

const VAULT_PURGES = [purgeDue, purgeDueVaults]

export function jobsOf(machines: Machines): Job[] {
  const jobs: Readonly<Record<JobName, Job>> = {
    'signing-keys': signingKeysJob,
    'directory-purge': directoryPurgeJob,
    'sign-ins': signInsJob,
    machines: machinesJob(machines),
    deployments: deploymentsJob(openManage(PROVIDERS)),
    'run-commands': runCommandsJob(machines),
    'identity-certificates': identityCertificatesJob,
    'key-rotation': keyRotationJob(allVaults),
    'vault-purge': vaultPurgeJob(VAULT_PURGES),
  }
  return Object.values(jobs)
}
