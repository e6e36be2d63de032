/**
 * Secrets read from a key vault, with a verified token and a role that allows it, against a bare
 * server that answers with as many bytes. Both speak TLS under the same certificate: it is how every
 * client reaches a vault, and the yardstick pays the same for it.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { at, makeGroup, VERSIONS } from '../test/estate.ts'
import { type Locum, startLocum } from '../test/locum.ts'
import { good } from '../test/owner.ts'
import { compare, startBareServer } from './against-bare.ts'
import { type LoadOrder, startLoadClient } from './load.ts'
import type { Measure, Measured } from './measure.ts'

const CONNECTIONS = 16
const ROUND_SECONDS = 0.7
const VAULT = 'kv-bench'
const SECRETS = 100

export const secretGet: Measure = {
  names: ['secret_get_ratio'],
  async measure() {
    const locum = await startLocum()
    try {
      return await measureIn(locum)
    } finally {
      await locum.remove()
    }
  },
}

async function measureIn(locum: Locum): Promise<Measured> {
  const group = await makeGroup(locum, 'bench')
  const vault = await group.vault(VAULT)
  for (let n = 0; n < SECRETS; n++) await group.secret(vault, `secret-${n}`, randomUUID())
  const reply = good(await locum.owner.vault(VAULT, 'GET', pathOf(0)), 'the secret')
  const bodyBytes = JSON.stringify(reply.body).length
  const certificate = {
    key: join(locum.folder, 'server.key'),
    cert: join(locum.folder, 'server.pem'),
  }
  const bare = await startBareServer({ bodyBytes, certificate })
  const client = startLoadClient()
  try {
    const order = await reading(locum)
    const { ratio, fact } = await compare(
      client,
      { pid: locum.status.pid, order },
      { pid: bare.pid, order: { ...order, target: { ...order.target, port: bare.port } } },
    )
    return { figures: { secret_get_ratio: ratio }, facts: [fact] }
  } finally {
    client.close()
    bare.close()
  }
}

function pathOf(n: number | '{n}'): string {
  return at(`/secrets/secret-${n}`, VERSIONS.secrets)
}

async function reading({ status, owner }: Locum): Promise<LoadOrder> {
  const origin = status.endpoints.vault ?? ''
  const { host, hostname, port } = new URL(origin.replace('{name}', VAULT))
  const token = await owner.token(origin.replace('{name}.', ''))
  return {
    target: {
      host: '127.0.0.1',
      port: Number(port),
      tls: { name: hostname, authority: status.trust.authority },
    },
    connections: CONNECTIONS,
    seconds: ROUND_SECONDS,
    cycle: SECRETS,
    request: {
      method: 'GET',
      path: pathOf('{n}'),
      headers: { host, authorization: `Bearer ${token}` },
    },
    expect: [200],
  }
}
