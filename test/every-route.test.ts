/**
 * Every route there is, walked: who may not come in, what may not be sent, and that neither changes
 * anything. Routes are data, so a new one is walked from the moment it is listed; one that has no
 * example in test/every-route/ fails here until it has.
 */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Answered, Asked } from '../src/http/test-door.ts'
import { faultOfRefusal, isNotOffered, leakIn } from './every-route/answers.ts'
import { digestOf } from './every-route/digest.ts'
import { type Example, inOrderOfLife } from './every-route/example.ts'
import { PROVIDERS } from './every-route/planes.ts'
import { asIs, mutations, spoil } from './every-route/rubbish.ts'
import { type Stranger, strangers } from './every-route/strangers.ts'
import { openWalk, type Walk } from './every-route/walk.ts'

/** Routes that answer anybody: each has a reason, and no other may join them unseen. */
const OPEN_ROUTES = [
  'arm GET /metadata/endpoints',
  'arm GET /metadata/vmImageAliases.json',
  'images GET /cli/vm/aliases.json',
  'entra GET /:tenant/.well-known/openid-configuration',
  'entra GET /:tenant/discovery/instance',
  'entra GET /:tenant/discovery/keys',
  'entra GET /:tenant/discovery/v2.0/keys',
  'entra GET /:tenant/v2.0/.well-known/openid-configuration',
  'entra GET /:tenant/oauth2/authorize',
  'entra GET /:tenant/oauth2/deviceauth',
  'entra GET /:tenant/oauth2/logout',
  'entra GET /:tenant/oauth2/v2.0/authorize',
  'entra GET /:tenant/oauth2/v2.0/logout',
  'entra GET /:tenant/userrealm/:user',
  'entra POST /:tenant/oauth2/authorize',
  'entra POST /:tenant/oauth2/deviceauth',
  'entra POST /:tenant/oauth2/devicecode',
  'entra POST /:tenant/oauth2/v2.0/authorize',
  'entra POST /:tenant/oauth2/v2.0/devicecode',
  'entra POST /:tenant/oauth2/token',
  'entra POST /:tenant/oauth2/v2.0/token',
  'control GET /status',
  'control POST /machines/entrance',
  'control POST /workstation/entrance',
  'control POST /roles/import',
  'control POST /stop',
]

/** What any principal of the tenant may ask without a role: nothing in it is anybody's. */
const NEEDS_NO_ROLE = [
  'arm GET /tenants',
  'arm GET /subscriptions',
  'arm GET /providers',
  'arm GET /providers/:namespace',
  'arm GET /providers/:namespace/operations',
  'arm GET /providers/Microsoft.Authorization/providerOperations',
  'arm GET /providers/Microsoft.Authorization/providerOperations/:namespace',
  // Each of its parts needs one.
  'arm POST /batch',
  'graph POST /:version/$batch',
  'arm GET Microsoft.Authorization/roleDefinitions (list) of the tenant',
  'arm GET Microsoft.Authorization/roleDefinitions of the tenant',
  // Each shows what the caller may see, or whether a name is taken.
  'arm GET Microsoft.Management/managementGroups (list) of the tenant',
  'arm GET Microsoft.Management/operationResults/asyncOperation/managementGroups of the tenant',
  'arm POST Microsoft.Management/checkNameAvailability (collection) of the tenant',
  'arm POST Microsoft.Management/getEntities (collection) of the tenant',
  'arm POST Microsoft.Management/startTenantBackfill (collection) of the tenant',
  'arm POST Microsoft.Management/tenantBackfillStatus (collection) of the tenant',
  // What App Service can run is the same for everybody.
  'arm GET Microsoft.Web/functionAppStacks (list) of the tenant',
  'arm GET Microsoft.Web/locations/functionAppStacks (list) of the tenant',
  'arm GET Microsoft.Web/webAppStacks (list) of the tenant',
]

/** Graph's routes about the user who asks: no application is one, whatever it may do. */
const ASKS_FOR_A_USER = /^graph (GET|POST) (\/:version\/me|\/oidc\/userinfo)/

const AT_A_TIME = 8
const MOST_SHOWN = 40

describe('every route', () => {
  let walk: Walk
  let closed: Example[]
  before(async () => {
    walk = await openWalk()
    closed = walk.examples.filter(({ guard }) => guard.kind !== 'open' && guard.kind !== 'machine')
  })
  after(() => walk?.close())

  it('is walked: every plane, every route, every provider', () => {
    assert.deepEqual(folders('planes'), walk.world.planes.map(({ plane }) => plane.name).sort())
    const namespaces = PROVIDERS.map(({ namespace }) => namespace.split('.')[1] ?? '')
    assert.deepEqual(
      folders('providers').map((name) => name.replaceAll('-', '')),
      namespaces.map((name) => name.toLowerCase()).sort(),
    )
    const walked = new Set(walk.examples.map(({ route }) => route))
    const left = walk.world.planes.flatMap(({ plane }) =>
      plane.routes.filter((route) => !walked.has(route)).map(({ path }) => `${plane.name} ${path}`),
    )
    assert.deepEqual(left, [])
    const labels = walk.examples.map(({ label }) => label)
    assert.equal(new Set(labels).size, labels.length, 'two examples have one label')
  })

  it('is closed, but for these, which say why', () => {
    const open = walk.examples.filter(({ guard }) => guard.kind === 'open')
    assert.deepEqual(open.map(({ label }) => label).sort(), [...OPEN_ROUTES].sort())
    for (const { guard } of open) assert.ok(guard.kind === 'open' && guard.because.length > 20)
  })

  it('knows strangers: 401, the challenge, and nothing more', async () => {
    await unchanged(async () => {
      const faults = await inTurn(closed, async (example) => {
        const { surface, plane } = walk.planeOf(example)
        const found: string[] = []
        for (const { who, authorization } of await strangersOf(plane.name, example)) {
          const answered = await walk.ask(example, asIs(example), authorization)
          const token = authorization?.split(' ')[1] ?? ''
          const secrets = [...walk.secrets, ...(token.length > 40 ? [token] : [])]
          const fault =
            answered.status === 401
              ? (faultOfRefusal(surface, answered, secrets) ??
                faultOfChallenge(surface.challenge, answered))
              : `answered ${answered.status}`
          if (fault) found.push(`${example.label} to ${who}: ${fault}`)
        }
        return found
      })
      none(faults)
    })
  })

  it('turns away who has no role: 403, in words that name the action', async () => {
    await unchanged(async () => {
      const admitted: string[] = []
      const faults = await inTurn(closed, async (example) => {
        const { surface } = walk.planeOf(example)
        const answered = await walk.ask(example, asIs(example), await walk.powerless(example))
        if (ASKS_FOR_A_USER.test(example.label) && answered.status === 400) return []
        // Whoever hears that it is not there has been let in as much as who hears what is.
        if (answered.status === 200 || answered.status === 404) {
          admitted.push(example.label)
          const leak = leakIn(answered, walk.secrets)
          return leak ? [`${example.label}: ${leak}`] : []
        }
        const fault =
          answered.status === 403
            ? (faultOfRefusal(surface, answered, walk.secrets) ?? faultOfWords(example, answered))
            : `answered ${answered.status} ${JSON.stringify(answered.body)}`
        return fault ? [`${example.label}: ${fault}`] : []
      })
      none(faults)
      assert.deepEqual(admitted.sort(), [...NEEDS_NO_ROLE].sort())
    })
  })

  it('of machines answers no one else', async () => {
    const ofMachines = walk.examples.filter(({ guard }) => guard.kind === 'machine')
    assert.ok(ofMachines.length > 0)
    for (const example of ofMachines) {
      const { door, surface } = walk.planeOf(example)
      const answered = await door.ask(asIs(example))
      assert.equal(answered.status, 403, example.label)
      assert.equal(faultOfRefusal(surface, answered, walk.secrets), undefined, example.label)
    }
  })

  it('refuses rubbish from those who may, and is as it was before', async () => {
    await unchanged(async () => {
      const faults = await inTurn(walk.examples, async (example) => {
        const { surface } = walk.planeOf(example)
        const authorization = await walk.mighty(example)
        const found: string[] = []
        for (const { how, asked, status } of spoil(example, surface)) {
          const answered = await walk.ask(example, asked, authorization)
          // A thing that cannot be is as gone after its removal as it was before.
          if (example.method === 'DELETE' && answered.status === 204) continue
          const fault =
            status !== undefined && answered.status !== status
              ? `answered ${answered.status}`
              : faultOfRefusal(surface, answered, walk.secrets)
          if (fault) found.push(`${example.label} with ${how}: ${fault}`)
        }
        return found
      })
      none(faults)
    })
  })

  it('stops reading a body that is too long, whatever it says of its length', async () => {
    for (const { plane, surface } of walk.world.planes) {
      const example = walk.examples.find((one) => one.plane === plane && one.body)
      if (!example) continue
      const body = ' '.repeat(plane.bodyLimitBytes + 1)
      for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
        const asked = { ...asIs(example), headers: { ...example.headers, ...headers }, body }
        const answered = await walk.ask(example, asked, await walk.mighty(example))
        assert.equal(answered.status, 413, example.label)
        assert.equal(faultOfRefusal(surface, answered, walk.secrets), undefined, example.label)
      }
    }
  })

  it('says no to other methods and unknown paths in the words of its surface', async () => {
    await unchanged(async () => {
      const faults: string[] = []
      for (const { plane, surface, door } of walk.world.planes) {
        const token = await walk.world.tokenFor(plane, walk.world.mighty)
        const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
        const ask = async (asked: Asked) => {
          const answered = await door.ask({ ...asked, headers })
          const fault = faultOfRefusal(surface, answered, walk.secrets)
          if (fault) faults.push(`${plane.name} ${asked.method} ${asked.path}: ${fault}`)
        }
        for (const method of ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'] as const) {
          await ask({ method, path: '/no/such/path?api-version=2021-04-01' })
          await ask({ method, path: '//?api-version=2021-04-01' })
          await ask({ method, path: '/../../walked?api-version=2021-04-01' })
        }
        const first = walk.examples.find((one) => one.plane === plane)
        if (first) await ask({ ...asIs(first), method: 'PATCH', body: '{' })
      }
      none(faults)
    })
  })

  it('understands its example: with every right it is done, missing or in conflict', async () => {
    const faults: string[] = []
    for (const example of inOrderOfLife(walk.examples)) {
      const answered = await walk.ask(example, asIs(example), await walk.mighty(example))
      const understood =
        answered.status < 300 ||
        [404, 409].includes(answered.status) ||
        isNotOffered(answered) ||
        (ASKS_FOR_A_USER.test(example.label) && answered.status === 400)
      if (!understood) {
        faults.push(`${example.label}: ${answered.status} ${JSON.stringify(answered.body)}`)
      }
    }
    none(faults)
  })

  it('bears every wrong value in every member without breaking or leaking', async () => {
    const faults = await inTurn(walk.examples, async (example) => {
      if (!example.body) return []
      const authorization = await walk.mighty(example)
      const found: string[] = []
      for (const body of mutations(example.body)) {
        const asked = asIs({ ...example, body: body as NonNullable<Example['body']> })
        const answered = await walk.ask(example, asked, authorization)
        const fault = answered.status >= 500 ? `answered ${answered.status}` : leakIn(answered, [])
        if (fault) found.push(`${example.label} with ${JSON.stringify(body)}: ${fault}`)
      }
      return found
    })
    none(faults)
  })

  const strangersByPlane = new Map<string, Promise<Stranger[]>>()

  function strangersOf(plane: string, example: Example): Promise<Stranger[]> {
    const known = strangersByPlane.get(plane)
    if (known) return known
    const { world } = walk
    const call = world.test.call()
    const [audience = ''] = example.plane.audiences(call)
    const made = (async () =>
      strangers(call, audience, world.mighty, {
        'a deleted principal': (await world.tokenFor(example.plane, world.gone)) ?? '',
        'a disabled principal': (await world.tokenFor(example.plane, world.disabled)) ?? '',
      }))()
    strangersByPlane.set(plane, made)
    return made
  }

  async function unchanged(work: () => Promise<void>): Promise<void> {
    const { database } = walk.world.test
    const before = await digestOf(database)
    await work()
    assert.deepEqual(await digestOf(database), before)
  }
})

/** Fails with the first of the faults, and how many there are. */
function none(faults: readonly string[]): void {
  if (faults.length === 0) return
  assert.fail(`${faults.length} faults\n${faults.slice(0, MOST_SHOWN).join('\n')}`)
}

function folders(floor: string): string[] {
  return readdirSync(join(import.meta.dirname, '..', 'src', floor), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

function faultOfChallenge(wanted: RegExp | undefined, { headers }: Answered): string | undefined {
  const given = headers['www-authenticate'] ?? ''
  return wanted?.test(given) ? undefined : `the challenge is ${given}`
}

/** A refusal says which action was missing, so that whoever reads it knows what to ask for. */
function faultOfWords({ plane, guard, method }: Example, { body }: Answered): string | undefined {
  if (method === 'HEAD') return undefined
  // The directory never says what was missing.
  if (plane.name === 'graph' || plane.name === 'consent') {
    return body.error.code === 'Authorization_RequestDenied' ? undefined : body.error.code
  }
  const message: string = body.error.message
  const action = guard.kind === 'dataAction' ? guard.action : /Microsoft\.[^']+\/\w+/.exec(message)
  return action && new RegExp(`action:? '${action}'`, 'i').test(message)
    ? undefined
    : `does not say why: ${message}`
}

/** Runs the work on each, several at a time; gives all it found. */
async function inTurn<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<string[]>,
): Promise<string[]> {
  const found: string[] = []
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) found.push(...(await work(item)))
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, worker))
  return found
}
