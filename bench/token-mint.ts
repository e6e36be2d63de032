/**
 * Fresh tokens: RS256 access tokens issued one after the other, against `openssl speed rsa2048`,
 * which makes one signature after the other on one thread. Both are counted in a second of the clock.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type ClientId, newId, type ObjectId } from '../src/base/ids.ts'
import { openTestWorld, type TestWorld } from '../src/core/test-world.ts'
import { issueAccessToken, type TokenSubject } from '../src/core/tokens/issue.ts'
import { interleaved, type Measure, median } from './measure.ts'

const ROUNDS = 5
const SECONDS = 1
const run = promisify(execFile)

export const tokenMint: Measure = {
  names: ['mint_ratio'],
  async measure() {
    const world = await openTestWorld()
    try {
      const rounds = await interleaved(ROUNDS, () => mint(world), opensslSigns)
      const tokens = Math.round(median(rounds.map(({ one }) => one)))
      const signs = Math.round(median(rounds.map(({ other }) => other)))
      return {
        figures: { mint_ratio: median(rounds.map(({ one, other }) => one / other)) },
        facts: [`${tokens} tokens/s against ${signs} signatures/s of openssl`],
      }
    } finally {
      await world.close()
    }
  },
}

/** Tokens issued in a second. */
async function mint(world: TestWorld): Promise<number> {
  const subject: TokenSubject = {
    objectId: newId<ObjectId>(),
    clientId: newId<ClientId>(),
    kind: 'ManagedIdentity',
    proof: 'certificate',
    managedResourceId: '/subscriptions/s/resourcegroups/g/providers/Microsoft.Compute/x/vm1',
  }
  const audience = { audience: 'https://vault.azure.net', version: '1.0' } as const
  const began = performance.now()
  let issued = 0
  while (performance.now() - began < SECONDS * 1000) {
    await issueAccessToken(world.call(), { subject, audience })
    issued += 1
  }
  return issued / ((performance.now() - began) / 1000)
}

/** The row of `openssl speed -mr` for RSA: `+F2:number:2048:signatures a second:verifications`. */
async function opensslSigns(): Promise<number> {
  const { stdout } = await run('openssl', ['speed', '-mr', '-seconds', `${SECONDS}`, 'rsa2048'])
  const signs = Number(/^\+F2:\d+:2048:([\d.]+):/m.exec(stdout)?.[1])
  if (!(signs > 0)) throw new Error(`openssl speed said something else: ${stdout}`)
  return signs
}
