/** Tokens of others in place of a proof. */
import type { Refusal } from './refusal.ts'

export const FEDERATED = {
  50166: {
    status: 400,
    error: 'invalid_request',
    text: 'Request to External OIDC endpoint failed.',
  },
  70021: {
    status: 400,
    error: 'invalid_request',
    text: "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700211: {
    status: 401,
    error: 'invalid_client',
    text: "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700212: {
    status: 401,
    error: 'invalid_client',
    text: "No matching federated identity record found for presented assertion audience '{audience}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700213: {
    status: 401,
    error: 'invalid_client',
    text: "No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700222: {
    status: 401,
    error: 'invalid_client',
    text: 'AAD-issued tokens may not be used for federated identity flows.',
  },
  700226: {
    status: 401,
    error: 'invalid_client',
    text: 'Only MSI tokens may be used as Federated Identity Credentials for AAD issuer.',
  },
  700227: { status: 401, error: 'invalid_client', text: 'Forbidden token audience.' },
} satisfies Readonly<Record<number, Refusal>>
