/** Where an account is reached: an address for each service that its kind has. */
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { pairedRegion } from './regions.ts'

const BLOBS = ['dfs', 'web', 'blob'] as const
const ALL = [...BLOBS, 'queue', 'table', 'file'] as const
type Service = (typeof ALL)[number]

/** The label in a host name; static sites have the number of their zone before theirs. */
const LABELS: Readonly<Partial<Record<Service, string>>> = { web: 'z6.web' }

/** What answers show of where an account and its copies are. */
export function placesOf(call: Call, account: Resource): Record<string, unknown> {
  const { id, location = '' } = account
  const replication = String(account.sku?.name).split('_')[1] ?? ''
  const secondary = replication.includes('G') ? pairedRegion(location) : undefined
  return {
    primaryEndpoints: endpoints(call, account, id.name),
    primaryLocation: location,
    statusOfPrimary: 'available',
    ...(secondary !== undefined && {
      secondaryLocation: secondary,
      statusOfSecondary: 'available',
      ...(replication.startsWith('RA') && {
        secondaryEndpoints: endpoints(call, account, `${id.name}-secondary`),
      }),
    }),
  }
}

function endpoints(call: Call, account: Resource, name: string): Record<string, string> {
  const blob = call.names.accountOrigin('blob', name)
  return Object.fromEntries(
    servicesOf(account)
      .filter((service) => service !== 'file' || !name.endsWith('-secondary'))
      .map((service) => [service, `${blob.replace('.blob.', `.${LABELS[service] ?? service}.`)}/`]),
  )
}

function servicesOf({ kind, sku }: Resource): readonly Service[] {
  const premium = String(sku?.tier) === 'Premium'
  switch (kind) {
    case 'FileStorage':
      return ['file']
    case 'BlockBlobStorage':
      return BLOBS
    case 'BlobStorage':
      return ['dfs', 'blob', 'table']
    case 'Storage':
      return premium ? ['blob'] : ['blob', 'queue', 'table', 'file']
    default:
      return premium ? BLOBS : ALL
  }
}
