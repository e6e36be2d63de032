/**
 * The real Azure CLI, unmodified, with a configuration folder and a home of its own and telemetry
 * off: inside `locum shell`, where nothing is registered and nothing disabled, or on the host as
 * `locum env` sets it up. Lines are as one types them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLONE, type Locum, PROGRAM, type Ran, runToEnd, succeeded } from './locum.ts'
import type { Body } from './owner.ts'

export interface Az {
  /** A line for `sh` in the shell, as it ends. */
  run(line: string): Promise<Ran>
  /** What the line printed; throws when it fails. */
  text(line: string): Promise<string>
  /** The same, read as JSON. */
  json(line: string): Promise<Body>
  /** What az looks for in its environment, for it to run elsewhere: in a machine, on the host. */
  readonly environment: Readonly<Record<string, string>>
  remove(): void
}

/** Signs az in as the owner of the subscription, by certificate. */
export const SIGN_IN =
  'az login --service-principal --username $AZURE_CLIENT_ID --certificate $AZURE_CLIENT_CERTIFICATE_PATH --tenant $AZURE_TENANT_ID'

export function openAz(locum: Locum): Az {
  return open((line, environment) => locum.run(['shell', '--', 'sh', '-c', line], { environment }))
}

/** On the host, where the C library need not resolve names below .localhost: they are given it. */
const ON_HOST = 'mount --bind "$1" /etc/hosts && eval "$("$2" env --data "$3")" && eval "$4"'

/** On the host: only root can give it a hosts file of its own, with these vaults in it. */
export function openAzOnHost(locum: Locum, ...vaults: readonly string[]): Az {
  const folder = mkdtempSync(join(tmpdir(), 'locum-hosts-'))
  const hosts = join(folder, 'hosts')
  const names = ['localhost', ...hostNames(locum, vaults)]
  writeFileSync(hosts, names.map((name) => `127.0.0.1 ${name}\n`).join(''))
  const az = open((line, environment) => {
    const argv = ['--mount', 'sh', '-c', ON_HOST, 'sh', hosts, PROGRAM, locum.folder, line]
    return runToEnd('unshare', argv, { environment })
  })
  const remove = () => {
    az.remove()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...az, remove }
}

function hostNames({ status }: Locum, vaults: readonly string[]): string[] {
  const { management, login, graph, vault } = status.endpoints
  const origins = [
    management,
    login,
    graph,
    ...vaults.map((name) => vault?.replace('{name}', name)),
  ]
  return origins.flatMap((origin) => (origin ? [new URL(origin).hostname] : []))
}

function open(start: (line: string, environment: Az['environment']) => Promise<Ran>): Az {
  const folder = mkdtempSync(join(tmpdir(), 'locum-az-'))
  const environment = azEnvironment(folder)
  const run = (line: string) => start(line, environment)
  const text = async (line: string) => succeeded(await run(line)).stdout
  return {
    run,
    text,
    json: async (line) => JSON.parse(await text(line)),
    environment,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function azEnvironment(folder: string): Record<string, string> {
  const home = join(folder, 'home')
  mkdirSync(home)
  return {
    PATH: `${join(CLONE, '.venv-az', 'bin')}:${process.env.PATH}`,
    HOME: home,
    AZURE_CONFIG_DIR: join(folder, 'config'),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_NO_COLOR: 'true',
    AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
    // Its advice on regions is for those who pay.
    AZURE_CORE_DISPLAY_REGION_IDENTIFIED: 'false',
    PYTHONWARNINGS: 'ignore',
  }
}
