/** `locum demo`: the main job, end to end, in a throw-away Locum. */
import { CommandError, EXIT } from '../command-error.ts'
import { environment } from '../instance.ts'
import { columns, complain, type Palette, paletteFor, print, printJson } from '../terminal.ts'
import { type Outcome, runLab, type Step } from './lab.ts'
import { startThrowAway, type ThrowAway } from './throw-away.ts'

export async function demo(options: { json?: boolean }): Promise<number> {
  const palette = paletteFor(process.stdout, environment())
  const steps: Step[] = []
  if (!options.json) print(opening(palette))
  const instance = await startThrowAway()
  const interrupted = removeWhenInterrupted(instance)
  try {
    if (!options.json) print(`${introduction(instance, palette)}\n`)
    const outcome = await runLab(instance, (step) => {
      steps.push(step)
      if (!options.json) print(`${describe(step, palette)}\n`)
    })
    if (options.json) printJson({ ...outcome, steps })
    else print(verdict(outcome, palette))
    return outcome.keys.length > 0 ? EXIT.ok : EXIT.failed
  } catch (reason) {
    if (reason instanceof CommandError) complain(troubles(instance))
    throw reason
  } finally {
    interrupted.forget()
    await instance.remove()
  }
}

/** Ctrl-C reaches the instance too, which ends by itself; its folder is ours to remove. */
function removeWhenInterrupted(instance: ThrowAway): { forget(): void } {
  const remove = (signal: NodeJS.Signals) => {
    void instance.remove().then(() => process.exit(EXIT.signal + (signal === 'SIGINT' ? 2 : 15)))
  }
  process.once('SIGINT', remove).once('SIGTERM', remove)
  return { forget: () => void process.off('SIGINT', remove).off('SIGTERM', remove) }
}

function opening({ bold }: Palette): string {
  return bold('A virtual machine reads a key vault, with no credential of its own.')
}

function introduction({ status }: ThrowAway, { faint, bad }: Palette): string {
  const lines = [
    faint(`A throw-away Locum runs as process ${status.pid}, tenant ${status.tenantId}.`),
    faint('The vault my-project, one key in it, and the virtual machine vm1 are made by REST.'),
  ]
  if (!status.sandbox.works) {
    lines.push(
      bad(`Weak: no sandbox can run here (${status.sandbox.because}).`),
      bad('The machine is known by a port and a secret instead; locum doctor says what to do.'),
    )
  }
  return lines.join('\n')
}

function describe(step: Step, { bold, faint, accent }: Palette): string {
  const lines = [`${accent(String(step.number))}  ${bold(step.title)}`]
  const facts = Object.entries(step.evidence)
  if (facts.length > 0) lines.push(columns(facts, '     '))
  if (step.command) lines.push(`     ${accent('$')} ${step.command}`)
  if (step.printed) lines.push(faint(step.printed.replace(/^/gm, '     ')))
  return lines.join('\n')
}

function verdict({ keys, mode }: Outcome, { good, bad }: Palette): string {
  if (keys.length === 0) return bad('The keys of the vault were not listed.')
  const how = mode === 'sandbox' ? '' : ' (in loopback mode, which is weak)'
  const count = keys.length === 1 ? 'one key' : `${keys.length} keys`
  return good(`The machine listed ${count} of the vault${how}. Nothing is left behind.`)
}

function troubles(instance: ThrowAway): string {
  return instance
    .logged()
    .filter((line) => line.level === 'error' || Number(line.level) >= 50)
    .map((line) => JSON.stringify(line))
    .join('\n')
}
