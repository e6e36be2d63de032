/**
 * The variables by which Azure's clients find this Locum and act as its owner.
 *
 * `DefaultAzureCredential` reads the AZURE_ ones (its first link is the environment), Terraform the
 * ARM_ ones. Where names are Azure's own (a machine, the shell) only the identity is said; on the
 * host the authority and the trust are said too.
 */
import type { Status } from '../planes/control/status.ts'

export function ownerVariables(
  facts: Status,
  { local }: { local: boolean },
): Record<string, string> {
  const { owner, tenantId, subscriptionId } = facts
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: owner.clientId,
    AZURE_CLIENT_CERTIFICATE_PATH: owner.certificate,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: owner.clientId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ...(local ? hostVariables(facts) : {}),
  }
}

function hostVariables({ endpoints, trust }: Status): Record<string, string> {
  return {
    AZURE_AUTHORITY_HOST: endpoints.login ?? '',
    SSL_CERT_FILE: trust.bundle,
    REQUESTS_CA_BUNDLE: trust.bundle,
    CURL_CA_BUNDLE: trust.bundle,
    NODE_EXTRA_CA_CERTS: trust.authority,
  }
}

/** Lines for a POSIX shell to evaluate. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}`)
    .join('\n')
}

/** Single quotes keep everything but themselves. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
