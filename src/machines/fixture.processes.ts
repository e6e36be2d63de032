/** For tests: which processes run in a machine or as a user, seen from outside. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

/** The commands of the live processes of a process namespace (`pid:[4026532281]`). */
export function processesIn(namespace: string): string[] {
  return processes((pid) => readlinkSync(`/proc/${pid}/ns/pid`) === namespace)
}

/** The commands of a user's live processes. */
export function processesOfUser(uid: number): string[] {
  return processes((pid) => statSync(`/proc/${pid}`).uid === uid)
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
