/** `locum doctor`: what works on this machine and why not, with the next step. */
import { lookup } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { type Check, probeSandbox } from '../machines/probe.ts'
import { EXIT } from './command-error.ts'
import { askStatus, environment, type InstanceOptions, isRoot } from './instance.ts'
import { type Palette, paletteFor, print, printJson } from './terminal.ts'

/** A check with how much it matters: without the sandbox's, Locum is weak; the rest is comfort. */
type Finding = Check & { readonly matters: 'sandbox' | 'comfort' }

export async function doctor(options: InstanceOptions & { json?: boolean }): Promise<number> {
  const around = await comforts(options)
  if (isRoot()) becomeNobody()
  const probe = await probeSandbox()
  const findings: Finding[] = [
    ...probe.checks.map((check): Finding => ({ ...check, matters: 'sandbox' })),
    ...around.map((check): Finding => ({ ...check, matters: 'comfort' })),
  ]
  if (options.json) printJson({ sandbox: probe.ok, checks: findings })
  else print(describe(probe.ok, findings, paletteFor(process.stdout, environment())))
  return probe.ok ? EXIT.ok : EXIT.failed
}

/** Root's Locum runs as another user, so that is whose abilities count. */
const NOBODY = 65_534

function becomeNobody(): void {
  process.setgroups?.([])
  process.setgid?.(NOBODY)
  process.setuid?.(NOBODY)
}

async function comforts(options: InstanceOptions): Promise<Check[]> {
  return [
    nodeCheck(process.versions.node),
    ...toolChecks(),
    await namesCheck(),
    await daemonCheck(options),
  ]
}

function nodeCheck(version: string): Check {
  return { name: `Node ${version}`, ok: true }
}

/** The two commands everybody's tutorials begin with. */
function toolChecks(): Check[] {
  return ['curl', 'jq'].map((tool) =>
    ['/usr/local/bin', '/usr/bin', '/bin'].some((folder) => existsSync(`${folder}/${tool}`))
      ? { name: tool, ok: true }
      : { name: tool, ok: false, reason: 'not installed', next: `apt-get install -y ${tool}` },
  )
}

/** Clients on the host need local names; machines and the shell do not. */
async function namesCheck(): Promise<Check> {
  const name = 'names below .localhost'
  const host = 'management.locum.localhost'
  try {
    const { address } = await lookup(host)
    if (address === '127.0.0.1' || address === '::1') return { name, ok: true }
    return { name, ok: false, reason: `${host} is ${address}` }
  } catch {
    return {
      name,
      ok: false,
      reason: 'this system does not resolve them: matters only to clients outside machines',
      next:
        'locum shell, or: apt-get install -y libnss-myhostname, ' +
        'or add the names that locum env lists to /etc/hosts',
    }
  }
}

async function daemonCheck(options: InstanceOptions): Promise<Check> {
  try {
    const { pid } = await askStatus(options)
    return { name: `running as process ${pid}`, ok: true }
  } catch (reason) {
    return { name: 'running', ok: false, reason: (reason as Error).message, next: 'locum up' }
  }
}

function describe(works: boolean, findings: readonly Finding[], palette: Palette): string {
  const { bold, good, bad } = palette
  const verdict = works
    ? good('Machines run as sandboxes, each with a network and identity of its own.')
    : bad('Sandboxes cannot work here: machines run in loopback mode, which is weak.')
  return [
    bold('sandbox'),
    ...lines(findings, 'sandbox', palette),
    '',
    bold('around it'),
    ...lines(findings, 'comfort', palette),
    '',
    verdict,
  ].join('\n')
}

function lines(
  findings: readonly Finding[],
  matters: Finding['matters'],
  { good, bad, faint }: Palette,
): string[] {
  return findings
    .filter((finding) => finding.matters === matters)
    .flatMap(({ name, ok, reason, next }) => [
      `  ${ok ? good('ok') : matters === 'sandbox' ? bad('no') : faint('--')}  ${name}${reason ? `: ${reason}` : ''}`,
      ...(next ? [`      ${faint('next step:')} ${next}`] : []),
    ])
}
