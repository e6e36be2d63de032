/**
 * Files that this program was given open by whoever started it, by accident.
 *
 * Node marks its own files and the first inherited ones "close on exec", but an inherited file with
 * a higher number (a pipe of the calling shell, say) would go through into every machine.
 */
import { closeSync, readdirSync, readFileSync } from 'node:fs'

const CLOSE_ON_EXEC = 0o2000000

/** Closes every open file above 2 that a child would inherit. Returns their numbers. */
export function closeInheritedFiles(): number[] {
  return inheritableFiles().filter((file) => {
    try {
      closeSync(file)
      return true
    } catch {
      return false
    }
  })
}

/** The open files above 2 that a child would inherit. Empty where there is no /proc. */
export function inheritableFiles(): number[] {
  return openFiles().filter((file) => file > 2 && isInheritable(file))
}

function openFiles(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number)
  } catch {
    return []
  }
}

function isInheritable(file: number): boolean {
  try {
    const facts = readFileSync(`/proc/self/fdinfo/${file}`, 'utf8')
    const flags = Number.parseInt(/^flags:\s*([0-7]+)/m.exec(facts)?.[1] ?? '0', 8)
    return (flags & CLOSE_ON_EXEC) === 0
  } catch {
    return false // the file that read the folder is closed again
  }
}
