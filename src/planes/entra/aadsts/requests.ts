/** Requests that cannot be read: the tenant, the grant, the resource, the scope. */
import type { Refusal } from './refusal.ts'

export const REQUESTS = {
  28000: {
    status: 400,
    error: 'invalid_scope',
    text: 'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.',
  },
  50049: { status: 400, error: 'invalid_instance', text: 'Unknown or invalid instance.' },
  50059: {
    status: 400,
    error: 'invalid_request',
    text:
      'No tenant-identifying information found in either the request or implied by any provided ' +
      'credentials.',
  },
  70003: {
    status: 400,
    error: 'unsupported_grant_type',
    text: "The app requested an unsupported grant type '{grant}'.",
  },
  70011: {
    status: 400,
    error: 'invalid_scope',
    text: "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
  },
  90002: {
    status: 400,
    error: 'invalid_request',
    text:
      "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are " +
      'signing into the correct cloud. Check with your subscription administrator, this may happen ' +
      'if there are no active subscriptions for the tenant.',
  },
  90013: { status: 400, error: 'invalid_request', text: 'Invalid input received from the user.' },
  90100: { status: 400, error: 'invalid_request', text: '{name} parameter is empty or not valid.' },
  500011: {
    status: 400,
    error: 'invalid_resource',
    text:
      'The resource principal named {resource} was not found in the tenant named {tenant}. This can ' +
      'happen if the application has not been installed by the administrator of the tenant or ' +
      'consented to by any user in the tenant. You might have sent your authentication request to ' +
      'the wrong tenant.',
  },
  900023: {
    status: 400,
    error: 'invalid_request',
    text:
      "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external " +
      'domain.',
  },
  900144: {
    status: 400,
    error: 'invalid_request',
    text: "The request body must contain the following parameter: '{name}'.",
  },
  900561: {
    status: 405,
    error: 'invalid_request',
    text: 'The endpoint only accepts {accepted} requests. Received a {received} request.',
  },
  901002: {
    status: 400,
    error: 'invalid_request',
    text: "The 'resource' request parameter is not supported.",
  },
  1002012: {
    status: 400,
    error: 'invalid_scope',
    text:
      'The provided value for scope {scope} is not valid. Client credential flows must have a scope ' +
      'value with /.default suffixed to the resource identifier (application ID URI).',
  },
  9000411: {
    status: 400,
    error: 'invalid_request',
    text: "The request is not properly formatted. The parameter '{name}' is duplicated.",
  },
  9002313: {
    status: 400,
    error: 'invalid_request',
    text: 'Invalid request. Request is malformed or invalid.',
  },
} satisfies Readonly<Record<number, Refusal>>
