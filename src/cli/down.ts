/** `locum down`: stops the running Locum and waits for its end. */
import { dataFolder } from '../app/data-folder.ts'
import { readDaemon } from '../app/lock.ts'
import { CommandError, EXIT } from './command-error.ts'
import { askDaemon } from './control-client.ts'
import { dataPathOf, type InstanceOptions } from './instance.ts'
import { complain } from './terminal.ts'

/** How long a graceful end may take, and how often to look, in milliseconds. */
const STOP_WAIT_MS = 20_000
const LOOK_AGAIN_MS = 20

export async function down(options: InstanceOptions): Promise<number> {
  const path = dataPathOf(options)
  const folder = dataFolder(path)
  try {
    await askDaemon(path, { method: 'POST', path: '/stop' })
  } catch (reason) {
    if (!(reason instanceof CommandError && reason.exitCode === EXIT.notRunning)) throw reason
    if (readDaemon(folder) === undefined) {
      // Asking for what already is so is no mistake.
      complain(`locum: nothing to stop: ${reason.message}`)
      return EXIT.ok
    }
  }
  for (let waitedMs = 0; waitedMs < STOP_WAIT_MS; waitedMs += LOOK_AGAIN_MS) {
    if (readDaemon(folder) === undefined) return EXIT.ok
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  const pid = readDaemon(folder)?.pid
  throw new CommandError(`Locum (process ${pid}) does not end`, { next: `kill -9 ${pid}` })
}
