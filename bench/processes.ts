/** What processes cost, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs'

/** Processor time of all threads of a process so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9
}

/** Resident memory of a process, in MB. */
export function residentMb(pid: number): number {
  return megabytes(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS')
}

/** Memory of processes with what they share divided among its users, in MB. */
export function proportionalMb(pids: readonly number[]): number {
  return pids
    .map((pid) => megabytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss'))
    .reduce((sum, one) => sum + one, 0)
}

/** What the whole machine could still give away, in MB. */
export function availableMb(): number {
  return megabytes(readFileSync('/proc/meminfo', 'utf8'), 'MemAvailable')
}

/** Children of a process, and theirs. */
export function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => (parentOf(name) === pid ? [Number(name)] : []))
  return children.flatMap((child) => [child, ...descendants(child)])
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    return undefined // it has just ended
  }
}

function megabytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024
}
