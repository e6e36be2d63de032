/** `locum demo`: the main job, end to end, in a throw-away Locum. */
import { EXIT } from '../command-error.ts'
import { environment } from '../instance.ts'
import { columns, complain, type Palette, paletteFor, print, printJson } from '../terminal.ts'
import { type Outcome, runLab, type Step } from './lab.ts'
import { startThrowAway, type ThrowAway } from './throw-away.ts'

export async function demo(options: { json?: boolean }): Promise<number> {
  const interruption = hearInterruption()
  try {
    return await tell(options.json ?? false, interruption.signal)
  } catch (reason) {
    // Whatever failed, it failed because everything was ended under it.
    if (interruption.signal.aborted) return interruption.signal.reason
    throw reason
  }
}

async function tell(json: boolean, interruption: AbortSignal): Promise<number> {
  const palette = paletteFor(process.stdout, environment())
  const say = (text: string) => (json ? undefined : print(text))
  const steps: Step[] = []
  say(opening(palette))
  const instance = await startThrowAway(interruption)
  let outcome: Outcome
  try {
    say(`${introduction(instance, palette)}\n`)
    outcome = await runLab(instance, (step) => {
      steps.push(step)
      say(`${describe(step, palette)}\n`)
    })
  } catch (reason) {
    if (!interruption.aborted) complain(troubles(instance))
    throw reason
  } finally {
    await instance.remove()
  }
  if (json) printJson({ ...outcome, steps })
  else print(verdict(outcome, palette))
  return outcome.keys.length > 0 ? EXIT.ok : EXIT.failed
}

/** Aborts on the first signal, with the exit code as its reason; what follows is only tidying. */
function hearInterruption(): AbortController {
  const interruption = new AbortController()
  process.on('SIGINT', () => interruption.abort(EXIT.signal + 2))
  process.on('SIGTERM', () => interruption.abort(EXIT.signal + 15))
  return interruption
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
