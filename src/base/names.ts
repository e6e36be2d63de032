/**
 * By which host names a caller reaches us, and so which URLs we may put into an answer.
 *
 * Inside a sandbox every service has Azure's own name (`kv1.vault.azure.net`); on the host it has a
 * local one (`kv1.vault.locum.localhost:8443`). `Names` builds every URL that goes into an answer,
 * and `readHost` is its inverse: from the Host header to the service, the account and the `Names`
 * the answer must use. Issuers of tokens are not here: they are always Azure's own.
 */

export type Service = 'login' | 'management' | 'graph' | 'consent' | 'images' | 'vault' | 'blob'

/** One row per service: its host in Azure, and its label in front of the local suffix. */
const SERVICES: Readonly<Record<Service, { azure: readonly string[]; local: string }>> = {
  login: {
    azure: [
      'login.microsoftonline.com',
      'login.windows.net',
      'login.microsoft.com',
      'sts.windows.net',
    ],
    local: 'login',
  },
  management: {
    azure: ['management.azure.com', 'management.core.windows.net'],
    local: 'management',
  },
  graph: { azure: ['graph.microsoft.com'], local: 'graph' },
  // A private interface of the portal, which az calls by this one name.
  consent: { azure: ['main.iam.ad.ext.azure.com'], local: 'consent' },
  // A page that az reads; of that account of Azure's own, nothing else.
  images: { azure: ['azcliprod.blob.core.windows.net'], local: 'images' },
  vault: { azure: ['vault.azure.net'], local: 'vault' },
  blob: { azure: ['blob.core.windows.net'], local: 'blob' },
}

/** Services whose hosts are `{account}.{host}`; the others are one host for the whole tenant. */
const PER_ACCOUNT: ReadonlySet<Service> = new Set(['vault', 'blob'])

export interface Names {
  /** `https://management.azure.com`, no trailing slash. */
  origin(service: 'login' | 'management' | 'graph'): string
  /** `https://kv1.vault.azure.net`, no trailing slash. */
  accountOrigin(service: 'vault' | 'blob', account: string): string
  /** `https://vault.azure.net`: the resource clients ask a token for, by these names. */
  resource(service: 'vault' | 'blob'): string
}

export interface Host {
  readonly service: Service
  /** The account in front (`kv1` of `kv1.vault.azure.net`); undefined for tenant-wide services. */
  readonly account: string | undefined
  readonly names: Names
}

export const azureNames: Names = {
  origin: (service) => `https://${SERVICES[service].azure[0]}`,
  accountOrigin: (service, account) => `https://${account}.${SERVICES[service].azure[0]}`,
  resource: (service) => `https://${SERVICES[service].azure[0]}`,
}

/** Names under a local suffix, for clients on the host: `localNames('locum.localhost', 8443)`. */
export function localNames(suffix: string, port: number): Names {
  const tail = port === 443 ? suffix : `${suffix}:${port}`
  return {
    origin: (service) => `https://${SERVICES[service].local}.${tail}`,
    accountOrigin: (service, account) => `https://${account}.${SERVICES[service].local}.${tail}`,
    resource: (service) => `https://${SERVICES[service].local}.${tail}`,
  }
}

/** Clients repeat a handful of Host headers; strangers may send any number of others. */
const MOST_REMEMBERED_HOSTS = 1000
/** No real host name is longer, its port included. */
const LONGEST_REMEMBERED_CHARS = 260

/** Reads Host headers; build it once, with the local names in use. */
export function hostReader(suffix: string, local: Names): (host: string) => Host | undefined {
  const read = hostParser(suffix, local)
  const remembered = new Map<string, Host>()
  return (header) => {
    const known = remembered.get(header)
    if (known) return known
    const host = read(header)
    const worthwhile = remembered.size < MOST_REMEMBERED_HOSTS
    if (host && worthwhile && header.length <= LONGEST_REMEMBERED_CHARS) {
      remembered.set(header, host)
    }
    return host
  }
}

function hostParser(suffix: string, local: Names): (host: string) => Host | undefined {
  const rows: { host: string; service: Service; names: Names }[] = []
  for (const [service, row] of Object.entries(SERVICES) as [
    Service,
    (typeof SERVICES)[Service],
  ][]) {
    for (const host of row.azure) rows.push({ host, service, names: azureNames })
    rows.push({ host: `${row.local}.${suffix}`, service, names: local })
  }
  return (header) => {
    const host = header.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
    for (const row of rows) {
      if (PER_ACCOUNT.has(row.service)) {
        if (!host.endsWith(`.${row.host}`)) continue
        const account = host.slice(0, -row.host.length - 1)
        if (account === '' || account.includes('.')) return undefined
        return { service: row.service, account, names: row.names }
      }
      if (host === row.host) return { service: row.service, account: undefined, names: row.names }
    }
    return undefined
  }
}

/** The hosts by which Azure knows one service, the preferred one first. */
export function azureHostsOf(service: Service): readonly string[] {
  return SERVICES[service].azure
}

/** Azure's own host names, for name servers and certificates: exact hosts and parents of accounts. */
export const AZURE_HOSTS: readonly { host: string; accounts: boolean }[] = (
  Object.entries(SERVICES) as [Service, (typeof SERVICES)[Service]][]
).flatMap(([service, row]) =>
  row.azure.map((host) => ({ host, accounts: PER_ACCOUNT.has(service) })),
)

/** The host names of the local suffix, in the same shape. */
export function localHosts(suffix: string): { host: string; accounts: boolean }[] {
  return (Object.entries(SERVICES) as [Service, (typeof SERVICES)[Service]][]).map(
    ([service, row]) => ({ host: `${row.local}.${suffix}`, accounts: PER_ACCOUNT.has(service) }),
  )
}
