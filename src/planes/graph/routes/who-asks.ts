/** The user who asks. An application is nobody's user, and is told so. */
import { Failure } from '../../../base/failure.ts'
import type { Call } from '../../../core/call.ts'
import type { Shown } from '../entities/entity.ts'
import { users } from '../entities/users.ts'
import { requireEntity } from './entities.ts'

/** @throws Failure invalid `BadRequest` to all but users */
export async function whoAsks(call: Call): Promise<Shown> {
  const { caller } = call
  if (caller.kind === 'principal' && caller.type === 'User') {
    return requireEntity(call, users, { id: caller.objectId })
  }
  throw new Failure(
    'invalid',
    'BadRequest',
    '/me request is only valid with delegated authentication flow.',
  )
}
