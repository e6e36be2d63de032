/**
 * Writers that keep many writes under way until the daemon dies, and remember what was acknowledged.
 *
 * Each writer has a secret of its own that it sets again and again, and makes resource groups and now
 * and then an identity between. What was sent and never answered may or may not have been kept.
 */
import { at, VERSIONS } from '../estate.ts'
import type { Locum } from '../locum.ts'
import type { Answer } from '../owner.ts'

export const VAULT = 'kv-faults'
export const GROUP = 'faults'

/** One group in so many writes is an identity instead: it makes a key pair, and so costs more. */
const IDENTITY_EVERY = 100

/** What the daemon has said is kept. */
export interface Acknowledged {
  /** By name: the value of the tag. */
  readonly groups: Map<string, string>
  /** By path with the version: the value. */
  readonly secrets: Map<string, string>
  /** By resource id: the principal. */
  readonly identities: Map<string, string>
  /** By name: every value that was ever sent, in order, and how many of them were acknowledged. */
  readonly sent: Map<string, { values: string[]; acknowledged: number }>
}

export function nothingYet(): Acknowledged {
  return { groups: new Map(), secrets: new Map(), identities: new Map(), sent: new Map() }
}

/** Writes until the daemon answers no more; gives how many writes were acknowledged. */
export async function writeUntilItDies(
  locum: Locum,
  { writers, round }: { readonly writers: number; readonly round: number },
  known: Acknowledged,
): Promise<number> {
  const counts = await Promise.all(
    Array.from({ length: writers }, (_, writer) => write(locum, writer, round, known)),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

async function write(
  locum: Locum,
  writer: number,
  round: number,
  known: Acknowledged,
): Promise<number> {
  for (let n = 0; ; n++) {
    const mark = `${writer}-${round}-${n}`
    try {
      if (n % 2 === 0) await setSecret(locum, `secret-${writer}`, mark, known)
      else if ((writer + n) % IDENTITY_EVERY === 1) await makeIdentity(locum, mark, known)
      else await makeGroup(locum, mark, known)
    } catch (reason) {
      if (isGone(reason)) return n
      throw reason
    }
  }
}

async function setSecret(
  { owner }: Locum,
  name: string,
  value: string,
  { secrets, sent }: Acknowledged,
): Promise<void> {
  const history = sent.get(name) ?? { values: [], acknowledged: 0 }
  sent.set(name, history)
  history.values.push(value)
  const path = at(`/secrets/${name}`, VERSIONS.secrets)
  const { body } = expect(await owner.vault(VAULT, 'PUT', path, { value }), 200)
  history.acknowledged = history.values.length
  secrets.set(new URL(body.id).pathname, value)
}

async function makeGroup({ owner, status }: Locum, mark: string, { groups }: Acknowledged) {
  const path = `/subscriptions/${status.subscriptionId}/resourceGroups/group-${mark}`
  const body = { location: 'westeurope', tags: { mark } }
  expect(await owner.arm('PUT', at(path, VERSIONS.group), body), 201)
  groups.set(`group-${mark}`, mark)
}

async function makeIdentity({ owner, status }: Locum, mark: string, { identities }: Acknowledged) {
  const group = `/subscriptions/${status.subscriptionId}/resourceGroups/${GROUP}`
  const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-${mark}`
  const answer = await owner.arm('PUT', at(id, VERSIONS.identity), { location: 'westeurope' })
  identities.set(id, expect(answer, 201).body.properties.principalId)
}

function expect(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer
  throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`)
}

/** The connection ended under the request, or there is nobody to connect to any more. */
function isGone(reason: unknown): boolean {
  const { code } = reason as NodeJS.ErrnoException
  return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code ?? '')
}
