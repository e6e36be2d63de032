/**
 * The variables by which Azure's clients find this Locum and act as its owner.
 *
 * `DefaultAzureCredential` reads the AZURE_ ones (its first link is the environment), Ansible its own
 * three for the same certificate, Terraform the ARM_ ones. Where names are Azure's own (a machine,
 * the shell) only the identity is said; on the host the authority and the trust are said too, and
 * where az and Terraform find the addresses of this cloud.
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
    AZURE_TENANT: tenantId,
    AZURE_X509_CERTIFICATE_PATH: owner.certificate,
    AZURE_THUMBPRINT: owner.thumbprint,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: owner.clientId,
    ARM_CLIENT_CERTIFICATE_PATH: owner.pkcs12,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ...(local ? hostVariables(facts) : {}),
  }
}

/** az reads a list of clouds at this address, which is what versions before 2022 answer. */
const CLOUDS = '/metadata/endpoints?api-version=2020-06-01'

function hostVariables({ endpoints, trust }: Status): Record<string, string> {
  return {
    AZURE_AUTHORITY_HOST: endpoints.login ?? '',
    ARM_CLOUD_METADATA_URL: `${endpoints.management}${CLOUDS}`,
    ARM_METADATA_HOSTNAME: hostOf(endpoints.management),
    // az asks Microsoft about any authority that it does not know, unless told not to.
    AZURE_CORE_INSTANCE_DISCOVERY: 'false',
    SSL_CERT_FILE: trust.bundle,
    REQUESTS_CA_BUNDLE: trust.bundle,
    CURL_CA_BUNDLE: trust.bundle,
    NODE_EXTRA_CA_CERTS: trust.authority,
  }
}

/** `management.locum.localhost:8443` */
function hostOf(origin = ''): string {
  return origin.replace('https://', '')
}

/** What signs a client in as somebody, or elsewhere, by prefix. */
const CREDENTIALS = [
  ...['CLIENT_SECRET', 'CLIENT_CERTIFICATE_PATH', 'CLIENT_CERTIFICATE_PASSWORD'],
  ...['CLIENT_CERTIFICATE', 'CLIENT_SEND_CERTIFICATE_CHAIN', 'USERNAME', 'PASSWORD'],
  ...['FEDERATED_TOKEN_FILE', 'OIDC_TOKEN', 'OIDC_TOKEN_FILE_PATH'],
  ...['SECRET', 'AD_USER', 'X509_CERTIFICATE_PATH', 'THUMBPRINT'],
]

/** Where clients on the host find a cloud; in a machine Azure is at its own names. */
const ELSEWHERE = [
  'AZURE_AUTHORITY_HOST',
  'ARM_CLOUD_METADATA_URL',
  'ARM_METADATA_HOSTNAME',
  'AZURE_CORE_INSTANCE_DISCOVERY',
]

/**
 * An environment in which nobody is signed in. After `eval "$(locum env)"`, or with a real tenant's
 * secret at hand, a machine's program would otherwise act as the owner, or as nobody known here,
 * and never ask for the machine's identity. A client id alone stays: it chooses an identity.
 */
export function withoutSignIn(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const left = { ...environment }
  for (const name of ELSEWHERE) delete left[name]
  for (const prefix of ['AZURE', 'ARM']) {
    const names = CREDENTIALS.map((name) => `${prefix}_${name}`)
    if (!names.some((name) => left[name])) continue
    for (const name of [...names, `${prefix}_CLIENT_ID`, `${prefix}_TENANT_ID`, `${prefix}_TENANT`])
      delete left[name]
  }
  return left
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
