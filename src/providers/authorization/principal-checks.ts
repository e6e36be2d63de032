/** Whether the principal of a role assignment exists, and is what the request says it is. */
import { Failure } from '../../base/failure.ts'
import { asId, type ObjectId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { findGroup } from '../../core/directory/groups.ts'
import { findServicePrincipal } from '../../core/directory/service-principals.ts'
import { findUser } from '../../core/directory/users.ts'
import type { PrincipalType } from '../../core/rbac/assignment.ts'
import type { Query } from '../provider.ts'
import { isSince } from './api-versions.ts'

/**
 * From which api-version on a principal that cannot be found is taken at the request's word,
 * because it may be too new to have reached every replica of the directory.
 */
const TRUSTED_SINCE: Readonly<Record<PrincipalType, string>> = {
  ServicePrincipal: '2018-09-01-preview',
  User: '2020-03-01-preview',
  Group: '2020-03-01-preview',
  ForeignGroup: '2020-03-01-preview',
  Device: '2020-03-01-preview',
}

export interface AskedPrincipal {
  readonly principalId: string
  readonly principalType: PrincipalType | undefined
}

export interface Principal {
  readonly principalId: ObjectId
  readonly principalType: PrincipalType
}

/** @throws Failure invalid `InvalidPrincipalId`, `UnmatchedPrincipalType` or `PrincipalNotFound` */
export async function checkPrincipal(
  call: Call,
  asked: AskedPrincipal,
  query: Query,
): Promise<Principal> {
  const principalId = asId<ObjectId>(asked.principalId)
  if (principalId === undefined) throw invalidPrincipalId(asked.principalId)
  const found = await principalTypeOf(call, principalId)
  const { principalType } = asked
  if (found !== undefined) {
    if (principalType !== undefined && principalType !== found) {
      throw unmatchedPrincipalType(principalId, found, principalType)
    }
    return { principalId, principalType: found }
  }
  if (principalType === undefined || !isSince(TRUSTED_SINCE[principalType], query)) {
    throw principalNotFound(call, principalId)
  }
  return { principalId, principalType }
}

/** What the directory knows the object as. */
export async function principalTypeOf(
  call: Call,
  objectId: ObjectId,
): Promise<PrincipalType | undefined> {
  if (await findServicePrincipal(call, objectId)) return 'ServicePrincipal'
  if (await findUser(call, objectId)) return 'User'
  if (await findGroup(call, objectId)) return 'Group'
  return undefined
}

function invalidPrincipalId(given: string): Failure {
  return new Failure(
    'invalid',
    'InvalidPrincipalId',
    `The Principal ID '${given}' is not valid. Principal ID must be a GUID.`,
  )
}

/** The misspelling is Azure's. */
function unmatchedPrincipalType(id: string, is: string, given: string): Failure {
  return new Failure(
    'invalid',
    'UnmatchedPrincipalType',
    `The PrincipalId '${id}' has type '${is}' , which is different from specified PrinciaplType '${given}'.`,
  )
}

function principalNotFound(call: Call, principalId: string): Failure {
  return new Failure(
    'invalid',
    'PrincipalNotFound',
    `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${call.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
  )
}
