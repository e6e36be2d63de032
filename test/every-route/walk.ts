/**
 * The walk: the world with one of everything in it, and an example for each route there is.
 */
import { constants, createPublicKey, generateKeyPairSync, publicEncrypt } from 'node:crypto'
import { after, DAY_MS } from '../../src/base/clock.ts'
import { createApplication } from '../../src/core/directory/applications.ts'
import { addPasswordCredential } from '../../src/core/directory/password-credentials.ts'
import { transaction } from '../../src/core/transaction.ts'
import type { Answered, Asked } from '../../src/http/test-door.ts'
import { armExamples } from './arm-examples.ts'
import { type Example, queryOf } from './example.ts'
import { plainExamples } from './examples.ts'
import { fillDirectory } from './graph-examples.ts'
import { PROVIDERS } from './planes.ts'
import { asIs } from './rubbish.ts'
import { GONE, openWalkedWorld, WALKED, type WalkedPlane, type WalkedWorld } from './world.ts'

export interface Walk {
  readonly world: WalkedWorld
  readonly examples: readonly Example[]
  planeOf(example: Example): WalkedPlane
  /** Asks with this Authorization header; from the walked machine where the guard wants one. */
  ask(example: Example, asked: Asked, authorization: string | undefined): Promise<Answered>
  /** The header of the principal with every right. */
  mighty(example: Example): Promise<string | undefined>
  powerless(example: Example): Promise<string | undefined>
  /** Texts that no answer may tell. */
  readonly secrets: readonly string[]
  close(): Promise<void>
}

/** Opens the world and fills it; nothing stays open when something in it has no example. */
export async function openWalk(): Promise<Walk> {
  const world = await openWalkedWorld()
  try {
    return await walkThrough(world)
  } catch (reason) {
    await world.close()
    throw reason
  }
}

async function walkThrough(world: WalkedWorld): Promise<Walk> {
  const planeNamed = (name: string): WalkedPlane => {
    const found = world.planes.find(({ plane }) => plane.name === name)
    if (found) return found
    throw new Error(`there is no plane ${name}`)
  }
  const bearer = (token: string | undefined) =>
    token === undefined ? undefined : `Bearer ${token}`
  const walk = {
    world,
    planeOf: ({ plane }: Example) => planeNamed(plane.name),
    ask(example: Example, asked: Asked, authorization: string | undefined) {
      const { door, machineDoor } = planeNamed(example.plane.name)
      return (example.guard.kind === 'machine' ? machineDoor : door).ask({
        ...asked,
        headers: { ...asked.headers, ...(authorization !== undefined && { authorization }) },
      })
    },
    mighty: async ({ plane }: Example) => bearer(await world.tokenFor(plane, world.mighty)),
    powerless: async ({ plane }: Example) => bearer(await world.tokenFor(plane, world.powerless)),
    close: world.close,
  }
  const arm = armExamples(planeNamed('arm').plane, PROVIDERS, {
    subscriptionId: world.subscriptionId,
    tenantId: world.test.tenantId,
    principalId: world.gone.objectId,
  })
  let operationId = ''
  for (const seed of arm.filter(({ isSeed }) => isSeed)) {
    const answered = await walk.ask(seed, asIs(seed), await walk.mighty(seed))
    const { headers } = succeeded(seed.label, answered)
    operationId =
      /\/operations\/([^?]+)/.exec(String(headers['azure-asyncoperation']))?.[1] ?? operationId
  }
  const graph = await fillDirectory(world.test)
  const facts = { ...(await fillVault(world, planeNamed('vault'))), graph, operationId }
  const examples = [...world.planes.flatMap(({ plane }) => plainExamples(plane, facts)), ...arm]
  return { ...walk, examples, secrets: [facts.clientSecret, 'walked-secret-value'] }
}

/** A secret and a key to ask for, one of each that has been deleted, and a client of the tenant. */
async function fillVault(world: WalkedWorld, { plane, door }: WalkedPlane) {
  const token = await world.tokenFor(plane, world.mighty)
  const ask = async (method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}` }
    const asked = { method, path: `${path}${queryOf({ 'api-version': '7.4' })}`, body, headers }
    return succeeded(`${method} ${path}`, await door.ask(asked)).body
  }
  const secret = await ask('PUT', `/secrets/${WALKED}`, { value: 'walked-secret-value' })
  const key = await ask('POST', `/keys/${WALKED}/create`, { kty: 'RSA' })
  await ask('PUT', `/secrets/${GONE}`, { value: 'walked-secret-value' })
  await ask('DELETE', `/secrets/${GONE}`)
  await ask('POST', `/keys/${GONE}/create`, { kty: 'EC' })
  await ask('DELETE', `/keys/${GONE}`)
  const { n, e } = key.key
  const ciphertext = publicEncrypt(
    {
      key: createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' }),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
    },
    Buffer.from('walked'),
  )
  return {
    tenantId: world.test.tenantId,
    subscriptionId: world.subscriptionId,
    ...(await makeClient(world)),
    secretVersion: secret.id.split('/').at(-1),
    keyVersion: key.key.kid.split('/').at(-1),
    ciphertext: ciphertext.toString('base64url'),
    secretBackup: (await ask('POST', `/secrets/${WALKED}/backup`)).value,
    keyBackup: (await ask('POST', `/keys/${WALKED}/backup`)).value,
    newKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  }
}

async function makeClient({ test }: WalkedWorld) {
  return transaction(test.call(), async (tx) => {
    const { application } = await createApplication(tx, { displayName: 'client' })
    const { secretText } = await addPasswordCredential(tx, {
      ownerId: application.objectId,
      endsAt: after(tx.now, DAY_MS),
    })
    return { clientId: application.clientId, clientSecret: secretText.reveal() }
  })
}

function succeeded(what: string, answered: Answered): Answered {
  if (answered.status < 300) return answered
  throw new Error(`${what}: ${answered.status} ${JSON.stringify(answered.body)}`)
}
