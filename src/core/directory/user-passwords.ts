/**
 * Passwords of users. People choose them, so they rest behind a slow hash, and guessing is bounded:
 * ten wrong guesses lock a user for a minute, each later one again. A guess is counted before it is
 * checked, so that many at once are no way around.
 */
import { randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { after, MINUTE_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { UserPasswordsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import { type Transaction, transaction } from '../transaction.ts'

export interface HashedPassword {
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

/** What a guess turned out to be; `locked` says nothing about whether it was right. */
export type GuessOutcome = 'right' | 'wrong' | 'locked'

/** As hard as N 2^17 alone, in a quarter of the memory: 32 MiB. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const
const HASH_BYTES = 32
const SALT_BYTES = 16
const SHORTEST_CHARS = 8
/** Azure's longest, too: a longer guess is not hashed at all. */
const LONGEST_CHARS = 256
const KINDS = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]
const KINDS_NEEDED = 3

const GUESSES_BEFORE_LOCK = 10
const LOCK_MS = MINUTE_MS

/** Without letters and digits that look alike: a person types it. */
const DRAWN_FROM = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789'
const DRAWN_GROUPS = 4
const DRAWN_GROUP_CHARS = 5

const slowHash = promisify(
  (
    password: string,
    salt: Uint8Array,
    bytes: number,
    options: ScryptOptions,
    done: (error: Error | null, hash: Buffer) => void,
  ) => scrypt(password, salt, bytes, options, done),
)

const rowOf = statement<{ userId: string }, UserPasswordsTable>((query, param) =>
  query.selectFrom('user_passwords').selectAll().where('user_id', '=', param('userId')),
)
const insertRow = statement<UserPasswordsTable, unknown>((query, param) =>
  query.insertInto('user_passwords').values({
    user_id: param('user_id'),
    salt: param('salt'),
    hash: param('hash'),
    wrong_guesses: param('wrong_guesses'),
    locked_until: param('locked_until'),
  }),
)
const updateGuesses = statement<
  Pick<UserPasswordsTable, 'user_id' | 'wrong_guesses' | 'locked_until'>,
  unknown
>((query, param) =>
  query
    .updateTable('user_passwords')
    .set({ wrong_guesses: param('wrong_guesses'), locked_until: param('locked_until') })
    .where('user_id', '=', param('user_id')),
)
const deleteRow = statement<{ userId: string }, unknown>((query, param) =>
  query.deleteFrom('user_passwords').where('user_id', '=', param('userId')),
)

/** Draws a password that nobody can guess: `xxxxx-xxxxx-xxxxx-xxxxx`, 113 bits. */
export function drawPassword(): Secret<string> {
  for (;;) {
    const groups = Array.from({ length: DRAWN_GROUPS }, () =>
      Array.from({ length: DRAWN_GROUP_CHARS }, () =>
        DRAWN_FROM.charAt(randomInt(DRAWN_FROM.length)),
      ).join(''),
    )
    const password = groups.join('-')
    if (isStrong(password)) return new Secret(password)
  }
}

/**
 * Hashes a password for `createUser` and `setUserPassword`; slow on purpose, so never call it
 * inside a transaction.
 * @throws Failure invalid `PasswordTooWeak`
 */
export async function hashPassword(password: Secret<string>): Promise<HashedPassword> {
  if (!isStrong(password.reveal())) {
    throw new Failure(
      'invalid',
      'PasswordTooWeak',
      'The specified password does not comply with password complexity requirements. Please provide a different password.',
    )
  }
  const salt = randomBytes(SALT_BYTES)
  return { salt, hash: await hashOf(password.reveal(), salt) }
}

/** Whether this is the user's password; a right guess forgives the wrong ones before it. */
export async function checkUserPassword(
  call: Call,
  { userId, guess }: { readonly userId: ObjectId; readonly guess: Secret<string> },
): Promise<GuessOutcome> {
  const counted = await transaction(call, (tx) => countGuess(tx, userId))
  if (counted === 'locked') return 'locked'
  const text = guess.reveal()
  const isRight =
    counted !== undefined &&
    text.length <= LONGEST_CHARS &&
    timingSafeEqual(await hashOf(text, counted.salt), counted.hash)
  if (!isRight) return 'wrong'
  await transaction(call, (tx) =>
    updateGuesses.run(tx.db, { user_id: userId, wrong_guesses: 0, locked_until: 0 }),
  )
  return 'right'
}

export async function putUserPassword(
  tx: Transaction,
  { userId, password }: { readonly userId: ObjectId; readonly password: HashedPassword },
): Promise<void> {
  await deleteRow.run(tx.db, { userId })
  await insertRow.run(tx.db, { user_id: userId, ...password, wrong_guesses: 0, locked_until: 0 })
}

export async function removeUserPassword(tx: Transaction, userId: ObjectId): Promise<void> {
  await deleteRow.run(tx.db, { userId })
}

/** Counts a guess as wrong until it has proved right; gives what to compare it with. */
async function countGuess(
  tx: Transaction,
  userId: ObjectId,
): Promise<UserPasswordsTable | 'locked' | undefined> {
  const row = await rowOf.first(tx.db, { userId })
  if (row === undefined) return undefined
  if (row.locked_until > tx.now) return 'locked'
  const guesses = row.wrong_guesses + 1
  await updateGuesses.run(tx.db, {
    user_id: userId,
    wrong_guesses: guesses,
    locked_until: guesses >= GUESSES_BEFORE_LOCK ? after(tx.now, LOCK_MS) : 0,
  })
  return row
}

function hashOf(password: string, salt: Uint8Array): Promise<Buffer> {
  // Two ways of writing the same letter are the same letter.
  return slowHash(password.normalize('NFC'), salt, HASH_BYTES, COST)
}

function isStrong(password: string): boolean {
  const kinds = KINDS.filter((kind) => kind.test(password)).length
  return (
    password.length >= SHORTEST_CHARS && password.length <= LONGEST_CHARS && kinds >= KINDS_NEEDED
  )
}
