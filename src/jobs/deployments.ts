/**
 * The deployments job: carries every deployment under way as far as it goes now. It is woken by new
 * deployments, by the end of any operation that one may wait for, and by itself while anything
 * moves; its timer is for what is tried again later.
 */
import { SECOND_MS } from '../base/clock.ts'
import type { Call } from '../core/call.ts'
import {
  contentOf,
  type Deployment,
  deploymentsUnderWay,
  moveDeployment,
  planOf,
} from '../core/deployments/deployment.ts'
import type { Manage } from '../core/deployments/managed.ts'
import type { Plan } from '../core/templates/plan.ts'
import { transaction } from '../core/transaction.ts'
import { advance } from './deployments/advance.ts'
import { refusedBy } from './deployments/manage.ts'
import type { Job } from './job.ts'

const EVERY_MS = 5 * SECOND_MS

/** Plans of so many deployments under way are kept: to make one takes longer than a step. */
const MOST_KEPT_PLANS = 8

export function deploymentsJob(manage: Manage): Job {
  const kept = new Map<string, { readonly startedAt: number; readonly plan: Plan }>()
  const planFor: PlanFor = (call, deployment) => {
    const { id, startedAt } = deployment
    const known = kept.get(id.key)
    if (known?.startedAt === startedAt) return known.plan
    const plan = planOf(contentOf(call, deployment))
    if (kept.size < MOST_KEPT_PLANS) kept.set(id.key, { startedAt, plan })
    return plan
  }
  return {
    name: 'deployments',
    everyMs: EVERY_MS,
    async run(call) {
      const under = await deploymentsUnderWay(call)
      const keys = new Set(under.map(({ id }) => id.key))
      for (const key of kept.keys()) if (!keys.has(key)) kept.delete(key)
      const moved = await Promise.all(under.map((one) => step(call, manage, planFor, one)))
      if (moved.includes(true) && !call.signal.aborted) call.wake('deployments')
    },
  }
}

type PlanFor = (call: Call, deployment: Deployment) => Plan

/** A deployment that cannot even be looked at must not stop the others. */
async function step(
  call: Call,
  manage: Manage,
  planFor: PlanFor,
  deployment: Deployment,
): Promise<boolean> {
  try {
    return await advance(call, manage, deployment, planFor(call, deployment))
  } catch (reason) {
    const { error } = refusedBy(call, reason)
    return transaction(call, (tx) => moveDeployment(tx, deployment, 'Failed', { error }))
  }
}
