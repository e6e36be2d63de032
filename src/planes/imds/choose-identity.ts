/**
 * Which identity a token is asked for: none named, and there is a rule; one named, and it is carried
 * or it is not.
 *
 * Without a selector the system-assigned identity answers, else the only user-assigned one; several
 * without a system-assigned one must be named. Every client has its own word for naming one: all of
 * them are rows here.
 */
import { Failure } from '../../base/failure.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import { readResourceId } from '../../base/resource-id.ts'
import type { CarriedIdentities } from '../../core/identity/carried-identities.ts'

export interface ChosenIdentity {
  readonly kind: 'SystemAssigned' | 'UserAssigned'
  readonly objectId: ObjectId
  readonly clientId: ClientId
}

/** As a host carries it: without ids once the identity's own resource is gone. */
interface Carried {
  readonly objectId: ObjectId | undefined
  readonly clientId: ClientId | undefined
}

/** Query names that name an identity, and by what. `clientid` is App Service's of 2017. */
const SELECTORS: Readonly<Record<string, 'clientId' | 'objectId' | 'resourceId'>> = {
  client_id: 'clientId',
  clientid: 'clientId',
  object_id: 'objectId',
  principal_id: 'objectId',
  msi_res_id: 'resourceId',
  mi_res_id: 'resourceId',
}

/** @throws Failure invalid, in the metadata service's words */
export function chooseIdentity(
  carried: CarriedIdentities,
  query: Readonly<Record<string, string>>,
): ChosenIdentity {
  const given = Object.keys(query).filter((name) => SELECTORS[name] && query[name] !== '')
  if (given.length > 1) {
    throw refused(`Only one of the parameters ${given.join(', ')} may be specified`)
  }
  const [name] = given
  return name === undefined ? byDefault(carried) : byName(carried, name, query[name] ?? '')
}

function byDefault({ systemAssigned, userAssigned }: CarriedIdentities): ChosenIdentity {
  if (systemAssigned) return existing('SystemAssigned', systemAssigned)
  if (userAssigned.length > 1) {
    throw refused(
      'Multiple user assigned identities exist, please specify the clientId / resourceId of the ' +
        'identity in the token request',
    )
  }
  return existing('UserAssigned', userAssigned[0])
}

function byName(carried: CarriedIdentities, name: string, value: string): ChosenIdentity {
  const { systemAssigned, userAssigned } = carried
  const by = SELECTORS[name]
  if (by === 'resourceId') {
    const key = readResourceId(value)?.key
    return existing(
      'UserAssigned',
      userAssigned.find(({ id }) => id.key === key),
    )
  }
  const wanted = value.toLowerCase()
  const fits = (one: Carried | undefined) =>
    (by === 'clientId' ? one?.clientId : one?.objectId) === wanted
  return fits(systemAssigned)
    ? existing('SystemAssigned', systemAssigned)
    : existing('UserAssigned', userAssigned.find(fits))
}

/** A user-assigned identity whose resource has been deleted is still named by its host. */
function existing(kind: ChosenIdentity['kind'], one: Carried | undefined): ChosenIdentity {
  if (one?.objectId && one.clientId) return { kind, objectId: one.objectId, clientId: one.clientId }
  throw refused('Identity not found')
}

function refused(description: string): Failure {
  return new Failure('invalid', 'invalid_request', description)
}
