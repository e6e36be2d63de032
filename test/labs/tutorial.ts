/**
 * The commands of the tutorials, as they stand there; only names differ.
 */

/** Asks for a token of the machine's own identity, and shows the answer. */
export const SHOW_TOKEN =
  'curl "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net" -H Metadata:true | jq'

/** Asks again and keeps the token in a variable of the shell. */
export const KEEP_TOKEN =
  'access_token=$(curl "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net" -H Metadata:true | jq \'.access_token\' -r)'

/** Lists the vault's keys with it. */
export function listKeys(vault: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's variable
  const header = '-H "Authorization: Bearer ${access_token}"'
  return `curl https://${vault}.vault.azure.net/keys?api-version=7.3 \\\n${header} | jq`
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}
