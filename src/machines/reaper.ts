/**
 * The reaper: one small process, outside all machines, that ends what is left of them when the
 * daemon is gone.
 *
 * A machine ends by itself when its first process sees the end of its input. But a program in the
 * machine has the same user number outside, and may stop (SIGSTOP) that first process. So the
 * reaper keeps the list of what must not outlive the daemon, reads until its own input ends, and
 * kills what is still listed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Log } from '../base/log.ts'

export interface Reaper {
  /** This process must not outlive the daemon. */
  watch(pid: number): void
  /** It has ended: its number may soon be another's. */
  forget(pid: number): void
  close(): void
}

/** Reads `+ pid` and `- pid`; a little patience lets machines end in order. */
const PROGRAM = `
list=' '
while read -r sign pid; do
  case $sign in
    +) list="$list$pid " ;;
    -) case $list in *" $pid "*) list="\${list%%" $pid "*} \${list#*" $pid "}" ;; esac ;;
  esac
done
[ "$list" = ' ' ] && exit 0
sleep 0.3
kill -9 $list 2>/dev/null
`

export function startReaper(log: Log): Reaper {
  const watched = new Set<number>()
  let closed = false
  let child = launch()

  function launch(): ChildProcess {
    // Detached: a signal to the daemon's whole group must not take the reaper along.
    const reaper = spawn('/bin/sh', ['-c', PROGRAM], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    })
    reaper.unref()
    reaper.stdin?.on('error', () => {})
    reaper.on('error', (error) => log.error('reaper failed', { reason: error.message }))
    reaper.on('exit', () => {
      if (closed) return
      log.warn('reaper ended, starting another', { watched: watched.size })
      child = launch()
    })
    for (const pid of watched) reaper.stdin?.write(`+ ${pid}\n`)
    return reaper
  }

  return {
    watch(pid) {
      watched.add(pid)
      child.stdin?.write(`+ ${pid}\n`)
    },
    forget(pid) {
      if (watched.delete(pid)) child.stdin?.write(`- ${pid}\n`)
    },
    close() {
      closed = true
      child.stdin?.end()
    },
  }
}
