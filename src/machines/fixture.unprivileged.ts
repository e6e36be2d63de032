/**
 * For tests: a test file that imports this goes on as an unprivileged user when root runs it, by
 * the product's own way to do so; and it learns whether sandboxes work here.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeSandbox, whyNot } from './probe.ts'
import { continueUnprivileged } from './unprivileged.ts'

/** The program: what must be readable to run its source. */
export const PROGRAM_FOLDER = join(import.meta.dirname, '../..')
/** A number that no user has. */
export const TEST_USER = { uid: 52_120, gid: 52_120 }

export function goOnUnprivileged(): void {
  if (process.getuid?.() !== 0) {
    removeAtExit(process.env.LOCUM_TEST_FOLDER)
    return
  }
  const dataFolder = mkdtempSync(join(tmpdir(), 'locum-test-'))
  continueUnprivileged({
    user: TEST_USER,
    dataFolder,
    reads: [PROGRAM_FOLDER],
    argv: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    env: { ...process.env, TMPDIR: dataFolder, LOCUM_TEST_FOLDER: dataFolder },
  })
}

function removeAtExit(folder: string | undefined): void {
  if (folder) process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
}

/** For `test(…, { skip })`: false where sandboxes work, else why not; says it on stderr too. */
export async function skipWithoutSandbox(): Promise<string | false> {
  const probe = await probeSandbox()
  if (probe.ok) return false
  const reason = `SANDBOX TESTS SKIPPED: ${whyNot(probe)}`
  process.stderr.write(`\n${reason}\n\n`)
  return reason
}
