/**
 * A cached token from the metadata service, asked for inside a VM at 169.254.169.254, against a bare
 * server that listens inside the same VM and answers with as many bytes. The same client, in the
 * same VM, asks both in turn.
 */
import { grant, makeGroup } from '../test/estate.ts'
import { CLONE, type Locum, startLocum } from '../test/locum.ts'
import { compare, startBareServer } from './against-bare.ts'
import { type LoadOrder, startLoadClient } from './load.ts'
import type { Measure, Measured } from './measure.ts'

const CONNECTIONS = 16
const ROUND_SECONDS = 0.7
const PATH =
  '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net'

export const imdsCached: Measure = {
  names: ['imds_cached_ratio'],
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
  if (!locum.status.sandbox.works) throw new Error(`no sandbox: ${locum.status.sandbox.because}`)
  const group = await makeGroup(locum, 'bench')
  const { own } = await group.machine('vm1')
  if (own) await grant(locum, 'Reader', own.principalId, group.group)
  const reply = await locum.exec('vm1', `curl -sS -H Metadata:true 'http://169.254.169.254${PATH}'`)
  const inVm = [`${CLONE}/bin/locum`, 'exec', '--data', locum.folder, 'vm1', '--']
  const bare = await startBareServer({ bodyBytes: reply.length, around: inVm })
  const client = startLoadClient(inVm)
  try {
    const { ratio, fact } = await compare(
      client,
      { pid: locum.status.pid, order: orderTo('169.254.169.254', 80) },
      { pid: bare.pid, order: orderTo('127.0.0.1', bare.port) },
    )
    return { figures: { imds_cached_ratio: ratio }, facts: [fact] }
  } finally {
    client.close()
    bare.close()
  }
}

function orderTo(host: string, port: number): LoadOrder {
  return {
    target: { host, port },
    connections: CONNECTIONS,
    seconds: ROUND_SECONDS,
    cycle: 1,
    request: { method: 'GET', path: PATH, headers: { host, metadata: 'true' } },
    expect: [200],
  }
}
