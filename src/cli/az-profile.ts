/**
 * The folder in which the shell's `az` keeps what it knows, already signed in as the owner: the
 * files that `az login --service-principal` would leave, without waiting for it. It is az's own
 * from then on; whoever signs in as somebody else there stays so.
 *
 * It lies in the instance's data folder and goes with it. Where that is another user's, as root's
 * instance is, nothing is written there: what another user can move aside is no place for root.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../app/config.ts'
import type { Status } from '../planes/control/status.ts'

/** Nothing is sent to Microsoft from a shell whose point it is to be local. */
const CONFIG = `[core]
collect_telemetry = no
survey_message = no
first_run = no
[auto-upgrade]
enable = no
[extension]
use_dynamic_install = no
`

/** Makes the folder where it is missing; gives the variable by which az finds it. */
export function azProfile(facts: Status, environment: Environment): Record<string, string> {
  const folder = folderFor(facts, environment)
  if (folder === undefined) return {}
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  keep(join(folder, 'config'), '[core]', CONFIG)
  keep(join(folder, 'azureProfile.json'), facts.subscriptionId, profileOf(facts))
  keep(join(folder, 'service_principal_entries.json'), facts.owner.certificate, entriesOf(facts))
  return { AZURE_CONFIG_DIR: folder }
}

function folderFor(facts: Status, { XDG_STATE_HOME, HOME }: Environment): string | undefined {
  if (statSync(facts.dataFolder).uid === process.geteuid?.()) return join(facts.dataFolder, 'az')
  const own = ['locum', 'az', facts.tenantId]
  if (XDG_STATE_HOME?.startsWith('/')) return join(XDG_STATE_HOME, ...own)
  return HOME?.startsWith('/') ? join(HOME, '.local', 'state', ...own) : undefined
}

/** Writes the file unless it already says so. */
function keep(file: string, mark: string, text: string): void {
  try {
    if (readFileSync(file, 'utf8').includes(mark)) return
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'ENOENT') throw reason
  }
  writeFileSync(file, text, { mode: 0o600 })
}

function profileOf({ owner, subscriptionId, tenantId }: Status): string {
  const subscription = {
    id: subscriptionId,
    name: 'Locum',
    state: 'Enabled',
    user: { name: owner.clientId, type: 'servicePrincipal' },
    isDefault: true,
    tenantId,
    environmentName: 'AzureCloud',
    homeTenantId: tenantId,
    managedByTenants: [],
  }
  return JSON.stringify({ subscriptions: [subscription] })
}

function entriesOf({ owner, tenantId }: Status): string {
  const entry = { client_id: owner.clientId, tenant: tenantId, certificate: owner.certificate }
  return JSON.stringify([entry])
}
