/** For tests: which processes run in a machine or as a user, seen from outside. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** The commands of the live processes of a process namespace (`pid:[4026532281]`). */
export function processesIn(namespace: string): string[] {
  return processes((pid) => readlinkSync(`/proc/${pid}/ns/pid`) === namespace)
}

/** The commands of a user's live processes. */
export function processesOfUser(uid: number): string[] {
  const row = new RegExp(`^Uid:\\t${uid}\\t`, 'm')
  return processes((pid) => row.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
}

/** What it returns; undefined when it throws: processes come and go while one looks. */
export function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Without zombies, which wait for their parent to look and hold nothing. */
function processes(wanted: (pid: string) => boolean): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || !attempt(() => wanted(pid))) return []
    const state = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    if (state === undefined || /\) [ZX] /.test(state)) return []
    return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
  })
}

const UNTIL_LIMIT_MS = 20_000
const UNTIL_STEP_MS = 10

/** Waits for a condition; fails when it does not come true in twenty seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += UNTIL_STEP_MS) {
    if (waitedMs > UNTIL_LIMIT_MS) throw new Error(`never came true: ${condition}`)
    await setTimeout(UNTIL_STEP_MS)
  }
}
