/**
 * RBAC checks with 100,000 role assignments: whether a principal may read a secret of a vault.
 *
 * Half of the checks end with yes and half with no; some principals have thousands of assignments.
 * The resource id is parsed for each check, as a request does.
 */
import { randomUUID } from 'node:crypto'
import type { ObjectId } from '../src/base/ids.ts'
import { parseResourceId } from '../src/base/resource-id.ts'
import { isAllowed } from '../src/core/rbac/check.ts'
import { putAssignment } from '../src/core/rbac/role-assignments.ts'
import { openTestWorld, type TestWorld } from '../src/core/test-world.ts'
import { transaction } from '../src/core/transaction.ts'
import { type Measure, median } from './measure.ts'

const ASSIGNMENTS = 100_000
const SUBSCRIPTIONS = 30
const GROUPS = 997
/** One principal in fifty assignments is always the same one. */
const HEAVY_EVERY = 50
const CHECKS_A_ROUND = 100_000
const ROUNDS = 5
const ACTION = 'Microsoft.KeyVault/vaults/secrets/getSecret/action'
const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6'
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
/** Steps through the assignments in no order that a cache would like. */
const STRIDE = 7919

interface Given {
  readonly principalId: ObjectId
  readonly scope: string
}

export const rbacChecks: Measure = {
  names: ['rbac_checks_per_cpu_s'],
  async measure() {
    const world = await openTestWorld()
    try {
      const given = await assign(world)
      await check(world, given) // loads the index, and warms up
      const rates: number[] = []
      for (let round = 0; round < ROUNDS; round++) rates.push(await check(world, given))
      return {
        figures: { rbac_checks_per_cpu_s: median(rates) },
        facts: [
          `${ASSIGNMENTS} assignments in ${SUBSCRIPTIONS} subscriptions, id parsed each time`,
        ],
      }
    } finally {
      await world.close()
    }
  },
}

async function assign(world: TestWorld): Promise<Given[]> {
  const subscriptions = Array.from({ length: SUBSCRIPTIONS }, () => randomUUID())
  const heavy = randomUUID() as string as ObjectId
  const given = Array.from({ length: ASSIGNMENTS }, (_, at): Given => {
    const group = `/subscriptions/${subscriptions[at % SUBSCRIPTIONS]}/resourceGroups/g${at % GROUPS}`
    return {
      principalId: at % HEAVY_EVERY === 0 ? heavy : (randomUUID() as string as ObjectId),
      scope: `${group}/providers/Microsoft.KeyVault/vaults/kv${at}`,
    }
  })
  await transaction(world.call(), async (tx) => {
    for (const [at, { principalId, scope }] of given.entries()) {
      await putAssignment(tx, {
        name: randomUUID(),
        scope: parseResourceId(scope),
        roleId: at % 2 === 0 ? SECRETS_USER : READER,
        principalId,
        principalType: 'ServicePrincipal',
      })
    }
  })
  return given
}

/** Checks per second of processor time. */
async function check(world: TestWorld, given: readonly Given[]): Promise<number> {
  const call = world.call()
  const before = process.cpuUsage()
  let allowed = 0
  for (let n = 0; n < CHECKS_A_ROUND; n++) {
    const { principalId, scope } = given[(n * STRIDE) % given.length] as Given
    const decision = await isAllowed(call, {
      principalId,
      action: ACTION,
      kind: 'dataAction',
      scope: parseResourceId(scope),
    })
    if (decision.allowed) allowed += 1
  }
  const { user, system } = process.cpuUsage(before)
  if (allowed !== CHECKS_A_ROUND / 2) throw new Error(`${allowed} checks were allowed, not half`)
  return CHECKS_A_ROUND / ((user + system) / 1e6)
}
