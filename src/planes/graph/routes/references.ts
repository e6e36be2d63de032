/** References in bodies: `"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{id}"`. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { requireObject } from '../entities/objects.ts'

const LONGEST_URL_CHARS = 500
const MOST_REFERENCES = 20

export const reference = z.strictObject({ '@odata.id': z.string().max(LONGEST_URL_CHARS) })

/** A list of references, as `owners@odata.bind` has them. */
export const references = z.array(z.string().max(LONGEST_URL_CHARS)).max(MOST_REFERENCES)

const PATH =
  /\/(?:v1\.0|beta)\/(?:[0-9a-f-]{36}\/)?(?:directoryObjects|users|groups|servicePrincipals|applications)(?:\/|\(')([0-9a-f-]{36})(?:'\))?$/i

/**
 * The object that a reference names; it must be there.
 * @throws Failure invalid `Request_BadRequest`, missing `Request_ResourceNotFound`
 */
export async function referredTo(call: Call, url: string): Promise<ObjectId> {
  const [, id = ''] = PATH.exec(url) ?? []
  const objectId = asId<ObjectId>(id)
  if (objectId === undefined) {
    throw new Failure('invalid', 'Request_BadRequest', 'Invalid URL format specified in @odata.id.')
  }
  return (await requireObject(call, objectId)).shown.id
}
