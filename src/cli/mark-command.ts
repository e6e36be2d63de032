/**
 * Where our own words end and the words of the command to run begin.
 *
 * `exec` and `shell` take options, then a command whose options are its own. `--` marks the border;
 * people leave it out, so it is put in before the first word that cannot be ours.
 */

/** For each command that runs another: how many words of its own it takes. */
const OWN_WORDS: Readonly<Record<string, number>> = { exec: 1, shell: 0 }
/** Options that take the next word as their value. */
const OPTIONS_WITH_VALUE: ReadonlySet<string> = new Set(['--data'])

/** The same arguments, with `--` where the command begins. */
export function markCommand(argv: readonly string[]): string[] {
  const own = OWN_WORDS[argv[0] ?? '']
  if (own === undefined) return [...argv]
  let words = 0
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return [...argv]
    if (OPTIONS_WITH_VALUE.has(word)) at++
    else if (!word.startsWith('-') && words++ === own) {
      return [...argv.slice(0, at), '--', ...argv.slice(at)]
    }
  }
  return [...argv]
}
