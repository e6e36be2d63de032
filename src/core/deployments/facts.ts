/** What templates ask of the running estate, fetched as they ask. */
import type { Call } from '../call.ts'
import type { Wanted } from '../templates/environment.ts'
import { invalidTemplate } from '../templates/invalid.ts'
import type { Facts, Outcome } from '../templates/plan.ts'
import type { Json } from '../templates/value.ts'
import type { Manage } from './managed.ts'

/** Facts that ask for facts: so many times at most. */
const MOST_ROUNDS = 20

/**
 * Evaluates until nothing more is wanted.
 * @throws Failure of the template, or of Resource Manager for what cannot be read
 */
export async function withFacts<Result>(
  call: Call,
  manage: Manage,
  evaluate: (facts: Facts) => Outcome<Result>,
): Promise<Result> {
  const known = new Map<string, Json>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const outcome = evaluate((wanted) => known.get(JSON.stringify(wanted)))
    if (outcome.kind === 'known') return outcome.value
    for (const wanted of outcome.wanted) {
      known.set(JSON.stringify(wanted), await fetch(call, manage, wanted))
    }
  }
  throw invalidTemplate('The references of the template do not come to an end.')
}

async function fetch(call: Call, manage: Manage, wanted: Wanted): Promise<Json> {
  const query = { 'api-version': wanted.apiVersion }
  const reply =
    wanted.kind === 'resource'
      ? await manage(call, { method: 'GET', path: wanted.id, query })
      : await manage(call, {
          method: 'POST',
          path: `${wanted.id}/${wanted.action}`,
          query,
          ...(wanted.body !== null && { body: wanted.body }),
        })
  // As it would have come over the wire: plain JSON, and nothing shared.
  return JSON.parse(JSON.stringify(reply.body ?? null))
}
