/**
 * Durable writes: resource groups made by PUT, 32 requests at a time, over TLS, with a real token and
 * a real role; each is on disk (SQLite, synchronous FULL) before it is answered. Counted against the
 * processor time of the whole server process.
 */
import { type Locum, startLocum } from '../test/locum.ts'
import { type LoadClient, type LoadOrder, startLoadClient } from './load.ts'
import { type Measure, median } from './measure.ts'
import { cpuSeconds } from './processes.ts'

const AT_A_TIME = 32
const ROUND_SECONDS = 2
const ROUNDS = 5
/** Rounds make different groups: a million is never reached in one. */
const NUMBERS_A_ROUND = 1_000_000

export const armPut: Measure = {
  names: ['arm_put_per_cpu_s'],
  async measure() {
    const locum = await startLocum()
    const client = startLoadClient()
    try {
      const order = await creation(locum)
      const rounds: Round[] = []
      for (let round = 0; round <= ROUNDS; round++) {
        rounds.push(await put(locum, client, { ...order, first: round * NUMBERS_A_ROUND }))
      }
      const counted = rounds.slice(1) // the first is for warming up
      const perSecond = Math.round(median(counted.map((round) => round.perSecond)))
      return {
        figures: { arm_put_per_cpu_s: median(counted.map((round) => round.perCpuSecond)) },
        facts: [`${perSecond} PUT/s by the clock, ${AT_A_TIME} at a time, TLS, every one durable`],
      }
    } finally {
      client.close()
      await locum.remove()
    }
  },
}

async function creation({ status, owner }: Locum): Promise<LoadOrder> {
  const { host, hostname, port } = new URL(status.endpoints.management ?? '')
  return {
    target: {
      host: '127.0.0.1',
      port: Number(port),
      tls: { name: hostname, authority: status.trust.authority },
    },
    connections: AT_A_TIME,
    seconds: ROUND_SECONDS,
    request: {
      method: 'PUT',
      path: `/subscriptions/${status.subscriptionId}/resourcegroups/group-{n}?api-version=2021-04-01`,
      headers: {
        host,
        authorization: `Bearer ${await owner.token(status.endpoints.management ?? '')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ location: 'westeurope', tags: { made: 'by the bench' } }),
    },
    expect: [201],
  }
}

interface Round {
  readonly perCpuSecond: number
  readonly perSecond: number
}

async function put({ status }: Locum, client: LoadClient, order: LoadOrder): Promise<Round> {
  const before = cpuSeconds(status.pid)
  const { answered, seconds } = await client.run(order)
  const cpu = cpuSeconds(status.pid) - before
  return { perCpuSecond: answered / cpu, perSecond: answered / seconds }
}
