import { Failure } from '../../base/failure.ts'
import type { RawInput } from '../../http/route.ts'

/**
 * A request that a browser or a proxy was tricked into has not this header, or has the other.
 * @throws Failure invalid `invalid_request`
 */
export function requireMetadataHeader(headers: RawInput['headers']): void {
  const { metadata } = headers
  if (typeof metadata !== 'string' || metadata.toLowerCase() !== 'true') {
    throw new Failure('invalid', 'invalid_request', 'Required metadata header not specified')
  }
  if (headers['x-forwarded-for'] !== undefined) {
    throw new Failure('invalid', 'invalid_request', 'X-Forwarded-For header is not allowed')
  }
}
