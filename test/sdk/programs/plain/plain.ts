/** A token and a secret by plain HTTP, with Node's own fetch. */
const METADATA = 'http://169.254.169.254/metadata/identity/oauth2/token'
const QUERY = '?api-version=2018-02-01&resource=https://vault.azure.net'

async function read(url: string, headers: Record<string, string>): Promise<Record<string, string>> {
  return (await (await fetch(url, { headers })).json()) as Record<string, string>
}

const { access_token: token } = await read(`${METADATA}${QUERY}`, { Metadata: 'true' })
const secret = await read(process.argv[2] ?? '', { Authorization: `Bearer ${token}` })
process.stdout.write(`${secret.value}\n`)
