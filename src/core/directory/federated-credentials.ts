/**
 * Federated identity credentials: tokens of other issuers that an application or a user-assigned
 * identity trusts in place of a credential. Issuer, subject and audience are compared exactly.
 */
import { randomUUID } from 'node:crypto'
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { FederatedCredentialsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export interface FederatedCredential {
  readonly id: string
  /** Object id of the application, or of the service principal of a managed identity. */
  readonly ownerId: ObjectId
  /** Unique with its owner, and never changed. */
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
  readonly description: string | undefined
}

export type FederatedChanges = Partial<
  Pick<FederatedCredential, 'issuer' | 'subject' | 'audiences' | 'description'>
>

/** Azure's published limit. */
const MOST_FEDERATED_CREDENTIALS = 20

const rowsOfOwner = statement<{ ownerId: string }, FederatedCredentialsTable>((query, param) =>
  query
    .selectFrom('federated_credentials')
    .selectAll()
    .where('owner_id', '=', param('ownerId'))
    .orderBy('name'),
)
const insertRow = statement<FederatedCredentialsTable, unknown>((query, param) =>
  query.insertInto('federated_credentials').values({
    id: param('id'),
    owner_id: param('owner_id'),
    name: param('name'),
    issuer: param('issuer'),
    subject: param('subject'),
    audiences: param('audiences'),
    description: param('description'),
  }),
)
const updateRow = statement<FederatedCredentialsTable, unknown>((query, param) =>
  query
    .updateTable('federated_credentials')
    .set({
      issuer: param('issuer'),
      subject: param('subject'),
      audiences: param('audiences'),
      description: param('description'),
    })
    .where('id', '=', param('id')),
)
const deleteRow = statement<{ id: string }, unknown>((query, param) =>
  query.deleteFrom('federated_credentials').where('id', '=', param('id')),
)
const deleteRowsOfOwner = statement<{ ownerId: string }, unknown>((query, param) =>
  query.deleteFrom('federated_credentials').where('owner_id', '=', param('ownerId')),
)

/** The owner's, by name. */
export async function federatedCredentialsOf(
  call: Call,
  ownerId: ObjectId,
): Promise<FederatedCredential[]> {
  return (await rowsOfOwner.all(call.db, { ownerId })).map(fromRow)
}

/** The one with this id or this name. */
export async function findFederatedCredential(
  call: Call,
  { ownerId, key }: { readonly ownerId: ObjectId; readonly key: string },
): Promise<FederatedCredential | undefined> {
  const all = await federatedCredentialsOf(call, ownerId)
  return all.find(({ id, name }) => id === key.toLowerCase() || name === key)
}

/** @throws Failure conflict `FederatedNameTaken`, `FederatedSubjectTaken`, invalid `FederatedLimit` */
export async function addFederatedCredential(
  tx: Transaction,
  asked: Omit<FederatedCredential, 'id'>,
): Promise<FederatedCredential> {
  const others = await federatedCredentialsOf(tx, asked.ownerId)
  if (others.length >= MOST_FEDERATED_CREDENTIALS) {
    throw new Failure(
      'invalid',
      'FederatedLimit',
      `An object can have at most ${MOST_FEDERATED_CREDENTIALS} federated identity credentials.`,
    )
  }
  const credential = { id: randomUUID(), ...asked }
  refuseTaken(others, credential)
  await insertRow.run(tx.db, toRow(credential))
  return credential
}

/** @throws Failure conflict `FederatedSubjectTaken` */
export async function changeFederatedCredential(
  tx: Transaction,
  { credential, changes }: { credential: FederatedCredential; changes: FederatedChanges },
): Promise<void> {
  const changed = { ...credential, ...changes }
  const all = await federatedCredentialsOf(tx, credential.ownerId)
  refuseTaken(
    all.filter(({ id }) => id !== credential.id),
    changed,
  )
  await updateRow.run(tx.db, toRow(changed))
}

export async function removeFederatedCredential(tx: Transaction, id: string): Promise<void> {
  await deleteRow.run(tx.db, { id })
}

export async function removeFederatedCredentialsOf(
  tx: Transaction,
  ownerId: ObjectId,
): Promise<void> {
  await deleteRowsOfOwner.run(tx.db, { ownerId })
}

function refuseTaken(others: readonly FederatedCredential[], asked: FederatedCredential): void {
  if (others.some(({ name }) => name === asked.name)) {
    throw new Failure(
      'conflict',
      'FederatedNameTaken',
      `FederatedIdentityCredential with name ${asked.name} already exists.`,
    )
  }
  if (others.some((one) => one.issuer === asked.issuer && one.subject === asked.subject)) {
    throw new Failure(
      'conflict',
      'FederatedSubjectTaken',
      'FederatedIdentityCredential with this issuer and subject already exists.',
    )
  }
}

function toRow(credential: FederatedCredential): FederatedCredentialsTable {
  return {
    id: credential.id,
    owner_id: credential.ownerId,
    name: credential.name,
    issuer: credential.issuer,
    subject: credential.subject,
    audiences: JSON.stringify(credential.audiences),
    description: credential.description ?? null,
  }
}

function fromRow(row: FederatedCredentialsTable): FederatedCredential {
  return {
    id: row.id,
    ownerId: row.owner_id as ObjectId,
    name: row.name,
    issuer: row.issuer,
    subject: row.subject,
    audiences: JSON.parse(row.audiences),
    description: row.description ?? undefined,
  }
}
