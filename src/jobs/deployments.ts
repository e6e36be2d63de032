/**
 * The deployments job: carries every deployment under way as far as it goes now. It is woken by new
 * deployments, by the end of any operation that one may wait for, and by itself while anything
 * moves; its timer is for what is tried again later.
 */
import { SECOND_MS } from '../base/clock.ts'
import type { Call } from '../core/call.ts'
import {
  type Deployment,
  deploymentsUnderWay,
  moveDeployment,
} from '../core/deployments/deployment.ts'
import type { Manage } from '../core/deployments/managed.ts'
import { transaction } from '../core/transaction.ts'
import { advance } from './deployments/advance.ts'
import { refusedBy } from './deployments/manage.ts'
import type { Job } from './job.ts'

const EVERY_MS = 5 * SECOND_MS

export function deploymentsJob(manage: Manage): Job {
  return {
    name: 'deployments',
    everyMs: EVERY_MS,
    async run(call) {
      const under = await deploymentsUnderWay(call)
      const moved = await Promise.all(under.map((one) => step(call, manage, one)))
      if (moved.includes(true) && !call.signal.aborted) call.wake('deployments')
    },
  }
}

/** A deployment that cannot even be looked at must not stop the others. */
async function step(call: Call, manage: Manage, deployment: Deployment): Promise<boolean> {
  try {
    return await advance(call, manage, deployment)
  } catch (reason) {
    const { error } = refusedBy(call, reason)
    return transaction(call, (tx) => moveDeployment(tx, deployment, 'Failed', { error }))
  }
}
