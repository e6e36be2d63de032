/**
 * How the token service reads the documents of foreign issuers: over verified TLS, in bounded time
 * and size, following no redirect. Whoever may name an issuer must not reach by it what only this
 * host can reach: addresses of private networks are refused, unless the operator trusts the host.
 */
import { type LookupAddress, lookup as lookUp } from 'node:dns'
import { request } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { SECOND_MS } from '../base/clock.ts'
import type { FetchDocument } from '../planes/entra/issuer-keys.ts'

const LONGEST_WAIT_MS = 5 * SECOND_MS
const LARGEST_DOCUMENT_BYTES = 256 * 1024

export interface TrustedIssuers {
  /** Hosts, with a port where it is not 443, that may have addresses of private networks. */
  readonly hosts: readonly string[]
  /** PEM of the authority behind their certificates, beside those that Node trusts. */
  readonly authority: string | undefined
}

export function foreignDocuments(trusted: TrustedIssuers): FetchDocument {
  return async (url) => {
    const isTrusted = trusted.hosts.includes(url.host)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (url.protocol !== 'https:') throw new Error('issuers are asked by https alone')
    if (!isTrusted && isIP(host) !== 0 && isPrivate(host)) throw privateAddress(host)
    const ca = isTrusted && trusted.authority ? [...rootCertificates, trusted.authority] : undefined
    return readJson(url, {
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      agent: false as const,
      ...(ca && { ca }),
      // Checked where the address is found, so that a second look-up cannot give another one.
      ...(!isTrusted && { lookup: lookUpPublic }),
    })
  }
}

function readJson(url: URL, options: Parameters<typeof request>[1]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, headers: { accept: 'application/json' } }, (answer) => {
      const giveUp = (because: string) => {
        reject(new Error(because))
        sent.destroy()
      }
      answer.on('error', reject)
      if (answer.statusCode !== 200) return giveUp(`the issuer answers ${answer.statusCode}`)
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes > LARGEST_DOCUMENT_BYTES) giveUp('the document is too large')
      })
      answer.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')))
        } catch (reason) {
          reject(reason)
        }
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

const lookUpPublic: LookupFunction = (host, options, found) => {
  lookUp(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const refused = addresses?.find(({ address }) => isPrivate(address))
    const [first] = addresses ?? []
    if (error || refused || !first) found(error ?? privateAddress(host), '', 4)
    else if (options.all) found(null, addresses)
    else found(null, first.address, first.family)
  })
}

function privateAddress(host: string): Error {
  return new Error(`${host} is in a private network, and no trusted issuer`)
}

/** Addresses that are not the public Internet's (IANA's registries of special-purpose addresses). */
const PRIVATE = new BlockList()
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  // Azure's platform, as machines see it.
  '168.63.129.16/32',
]) {
  const [address = '', bits] = range.split('/')
  PRIVATE.addSubnet(address, Number(bits), 'ipv4')
}
/** Of version 6, only global unicast is public, but for what stands for version 4 in it. */
const PUBLIC_6 = new BlockList()
PUBLIC_6.addSubnet('2000::', 3, 'ipv6')
const TRANSLATED_6 = new BlockList()
TRANSLATED_6.addSubnet('2002::', 16, 'ipv6')
TRANSLATED_6.addSubnet('2001::', 23, 'ipv6')

export function isPrivate(address: string): boolean {
  if (isIP(address) === 4) return PRIVATE.check(address, 'ipv4')
  return !PUBLIC_6.check(address, 'ipv6') || TRANSLATED_6.check(address, 'ipv6')
}
