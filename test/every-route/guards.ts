/**
 * What every guarded route asks for, learnt by asking as somebody without a role.
 *
 * Run as a program (node test/every-route/guards.ts) it writes the list that the test compares with;
 * read the difference before it is committed: each line is a permission of Azure's.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answered } from '../../src/http/test-door.ts'
import type { Example } from './example.ts'
import { asIs } from './rubbish.ts'
import { openWalk, type Walk } from './walk.ts'

export const ACTIONS_FILE = join(import.meta.dirname, 'actions.txt')

export interface Guarded {
  readonly example: Example
  /** As the refusal names it. */
  readonly action: string
  readonly kind: 'action' | 'dataAction'
}

/** Every example that a principal without roles is refused. */
export async function guardedExamples(walk: Walk): Promise<Guarded[]> {
  const guarded: Guarded[] = []
  for (const example of walk.examples) {
    const { kind } = example.guard
    if (kind === 'open' || kind === 'machine') continue
    // The directory's permissions are no actions of roles; tests of its own try them as locks.
    if (['graph', 'consent'].includes(example.plane.name)) continue
    const answered = await walk.ask(example, asIs(example), await walk.powerless(example))
    if (answered.status !== 403) continue
    guarded.push({
      example,
      action: asItsGet(example, guarded) ?? actionNamed(example, answered),
      kind: kind === 'dataAction' ? 'dataAction' : 'action',
    })
  }
  return guarded
}

/** The lines of the list. */
export function actionLines(guarded: readonly Guarded[]): string[] {
  return guarded.map(({ example, action, kind }) => `${example.label}: ${kind} ${action}`).sort()
}

/** A refused HEAD has no body to name an action in; it needs what the GET needs. */
function asItsGet({ method, path }: Example, guarded: readonly Guarded[]): string | undefined {
  if (method !== 'HEAD') return undefined
  return guarded.find(({ example }) => example.method === 'GET' && example.path === path)?.action
}

function actionNamed({ label, guard }: Example, { body }: Answered): string {
  if (guard.kind === 'dataAction') return guard.action
  const named = /perform action '([^']+)'/.exec(body.error.message)?.[1]
  if (named) return named
  throw new Error(`${label} is refused without naming an action`)
}

if (import.meta.main) {
  const walk = await openWalk()
  writeFileSync(ACTIONS_FILE, `${actionLines(await guardedExamples(walk)).join('\n')}\n`)
  await walk.close()
}
