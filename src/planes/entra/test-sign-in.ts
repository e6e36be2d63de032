/**
 * For tests of sign-in: people, applications, and what a browser does with a page. Nothing in the
 * program imports this.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { DAY_MS } from '../../base/clock.ts'
import { Secret } from '../../base/secret.ts'
import { createApplication } from '../../core/directory/applications.ts'
import { addPasswordCredential } from '../../core/directory/password-credentials.ts'
import { changeProfile } from '../../core/directory/profiles.ts'
import { hashPassword } from '../../core/directory/user-passwords.ts'
import { createUser, type User } from '../../core/directory/users.ts'
import type { TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Answered } from '../../http/test-door.ts'

export const AZ = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
export const PASSWORD = 'Correct horse 1'
export const REDIRECT = 'http://localhost:4711'
export const VERIFIER = 'verifier-of-forty-three-characters-or-more-1'
export const SCOPE = 'https://management.azure.com//.default openid profile offline_access'

export type Fields = Readonly<Record<string, string | undefined>>

export function someUser(world: TestWorld, name: string): Promise<User> {
  return hashPassword(new Secret(PASSWORD)).then((password) =>
    transaction(world.call(), (tx) =>
      createUser(tx, {
        userPrincipalName: `${name}@locum.onmicrosoft.com`,
        displayName: name,
        password,
      }),
    ),
  )
}

/** With a secret, an address on a server and one in a browser. */
export function someApplication(world: TestWorld) {
  return transaction(world.call(), async (tx) => {
    const { application } = await createApplication(tx, { displayName: 'app' })
    const { objectId, clientId } = application
    const endsAt = (tx.now + DAY_MS) as typeof tx.now
    const { secretText } = await addPasswordCredential(tx, { ownerId: objectId, endsAt })
    const changes = {
      web: { redirectUris: ['https://app.example/back'] },
      spa: { redirectUris: ['https://spa.example/back'] },
    }
    await changeProfile(tx, { objectId, changes })
    return { clientId, secret: secretText.reveal() }
  })
}

/** A good request for a code, but for the change. */
export function asked(change: Fields): Fields {
  return {
    client_id: AZ,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: SCOPE,
    state: 's <1>',
    nonce: 'n1',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  }
}

export function cookieOf({ headers }: Answered): string {
  return String(headers['set-cookie']).split(';')[0] ?? ''
}

export function csrfOf(page: string): string {
  return /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
}

export function form(fields: Fields): string {
  const given = Object.entries(fields).filter((pair): pair is [string, string] => !!pair[1])
  return new URLSearchParams(given).toString()
}

export function assertRefused(
  answered: Answered,
  status: number,
  error: string,
  number: number,
): void {
  const { body } = answered
  assert.deepEqual([answered.status, body.error, body.error_codes], [status, error, [number]])
}
