/**
 * One daemon per data folder.
 *
 * The lock is an exclusive lock of SQLite on a file of its own, which the kernel drops however its
 * holder dies: a stale lock cannot be. Beside it stands who holds it (process id and start time),
 * for a better message and for commands that wait for a daemon to end.
 */
import { readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from '../base/failure.ts'
import { type DataFolder, readFileIfThere, writePrivateFile } from './data-folder.ts'

export interface Daemon {
  readonly pid: number
  /** In clock ticks since boot, as /proc gives it: tells a process from a later one of that id. */
  readonly startedTicks: string
}

export interface Lock {
  release(): void
}

/** The locks of this process: one that was collected as garbage would be dropped with its file. */
const held = new Set<DatabaseSync>()

/** Takes the lock for this process. @throws Failure conflict `AlreadyRunning` */
export function takeLock(folder: DataFolder): Lock {
  const file = new DatabaseSync(folder.lock)
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch {
    file.close()
    const holder = readDaemon(folder)
    const who = holder ? ` (process ${holder.pid})` : ''
    throw new Failure(
      'conflict',
      'AlreadyRunning',
      `Locum${who} already runs with the data folder ${folder.path}; ` +
        'next step: locum down, or use another folder with --data',
    )
  }
  const me: Daemon = { pid: process.pid, startedTicks: startOf(process.pid) ?? '' }
  writePrivateFile(folder.daemon, JSON.stringify(me))
  held.add(file)
  return {
    release() {
      held.delete(file)
      rmSync(folder.daemon, { force: true })
      file.close()
    },
  }
}

/** The daemon of the folder, if it lives; undefined when none does. */
export function readDaemon(folder: DataFolder): Daemon | undefined {
  const text = readFileIfThere(folder.daemon)
  if (text === undefined) return undefined
  try {
    const daemon = JSON.parse(text) as Daemon
    return startOf(daemon.pid) === daemon.startedTicks ? daemon : undefined
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces and brackets. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
