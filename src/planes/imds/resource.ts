import { Failure } from '../../base/failure.ts'

const LONGEST_RESOURCE_CHARS = 2048

/**
 * The resource a token is asked for, as it was sent: nothing is normalized, and it is echoed.
 * @throws Failure invalid `invalid_request`
 */
export function requireResource(query: Readonly<Record<string, string>>): string {
  const { resource } = query
  if (resource === undefined || resource === '') {
    throw new Failure('invalid', 'invalid_request', "Required query variable 'resource' is missing")
  }
  if (resource.length > LONGEST_RESOURCE_CHARS) {
    throw new Failure('invalid', 'invalid_resource', 'The resource is too long')
  }
  return resource
}
