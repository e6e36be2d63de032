/** Clients: who they are, and their proof. */
import type { Refusal } from './refusal.ts'

export const CLIENTS = {
  50027: { status: 401, error: 'invalid_client', text: 'JWT token is invalid or malformed.' },
  700016: {
    status: 400,
    error: 'unauthorized_client',
    text:
      "Application with identifier '{client}' was not found in the directory '{tenant}'. This can " +
      'happen if the application has not been installed by the administrator of the tenant or ' +
      'consented to by any user in the tenant. You may have sent your authentication request to ' +
      'the wrong tenant.',
  },
  700021: {
    status: 401,
    error: 'invalid_client',
    text: "Client assertion application identifier doesn't match 'client_id' parameter.",
  },
  700023: {
    status: 401,
    error: 'invalid_client',
    text: 'Client assertion audience claim does not match Realm issuer.',
  },
  700024: {
    status: 401,
    error: 'invalid_client',
    text: 'Client assertion is not within its valid time range. Current time: {now}.',
  },
  700025: {
    status: 401,
    error: 'invalid_client',
    text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  700027: {
    status: 401,
    error: 'invalid_client',
    text:
      'The certificate with identifier used to sign the client assertion is not registered on ' +
      "application. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}'].",
  },
  7000112: {
    status: 400,
    error: 'unauthorized_client',
    text: "Application '{client}'({name}) is disabled.",
  },
  7000215: {
    status: 401,
    error: 'invalid_client',
    text:
      'Invalid client secret provided. Ensure the secret being sent in the request is the client ' +
      "secret value, not the client secret ID, for a secret added to app '{client}'.",
  },
  7000216: {
    status: 401,
    error: 'invalid_client',
    text:
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' " +
      'grant type.',
  },
  7000218: {
    status: 401,
    error: 'invalid_client',
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    status: 401,
    error: 'invalid_client',
    text:
      "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to " +
      'create new keys for your app, or consider using certificate credentials for added security.',
  },
  501051: {
    status: 400,
    error: 'invalid_grant',
    text: "Application '{client}'({name}) is not assigned to a role for the application '{resource}'({resourceName}).",
  },
} satisfies Readonly<Record<number, Refusal>>
