/**
 * The token request as plain HTTP, and a secret read with it over TLS, by each language's own
 * library and its own idea of whom to trust. A language that is not on this computer is left out,
 * and its test says so.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { grant, makeGroup } from '../estate.ts'
import { type Locum, startLocum } from '../locum.ts'

const SECRET_URL = 'https://plain-vault.vault.azure.net/secrets/password?api-version=7.4'
const METADATA_URL =
  'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net'
const FOLDER = 'test/sdk/programs/plain'

/** In shell: a token, then the secret, by a fetching program and its options for a header. */
function script(fetch: string): string {
  return [
    `token=$(${fetch.replace('HEADER', 'Metadata: true')} '${METADATA_URL}' | jq -r .access_token)`,
    `${fetch.replace('HEADER', 'Authorization: Bearer $token')} '${SECRET_URL}' | jq -r .value`,
  ].join('\n')
}

/** By language: how to know that it is here, and how to run it. */
const CLIENTS: Readonly<Record<string, { needs: readonly string[]; run: readonly string[] }>> = {
  curl: { needs: ['curl', '--version'], run: ['sh', '-c', script('curl -s -H "HEADER"')] },
  wget: { needs: ['wget', '--version'], run: ['sh', '-c', script('wget -qO- --header="HEADER"')] },
  Python: {
    needs: ['/usr/bin/python3', '--version'],
    run: ['/usr/bin/python3', `${FOLDER}/plain.py`, SECRET_URL],
  },
  JavaScript: {
    needs: [process.execPath, '--version'],
    run: [process.execPath, `${FOLDER}/plain.ts`, SECRET_URL],
  },
  Go: {
    needs: ['go', 'version'],
    run: ['env', 'GOTOOLCHAIN=local', 'go', 'run', `${FOLDER}/plain.go`, SECRET_URL],
  },
  Java: { needs: ['javac', '--version'], run: ['java', `${FOLDER}/Plain.java`, SECRET_URL] },
}

describe('a token by plain HTTP, and a secret with it', () => {
  let locum: Locum

  before(async () => {
    locum = await startLocum()
    const estate = await makeGroup(locum, 'plain')
    const machine = await estate.machine('app')
    const vault = await estate.vault('plain-vault')
    await estate.secret(vault, 'password', 'correct horse')
    await grant(locum, 'Key Vault Secrets User', machine.own?.principalId ?? '', vault.id)
  })
  after(() => locum?.remove())

  for (const [name, { needs, run }] of Object.entries(CLIENTS)) {
    const skip = !isHere(needs) && `${name} is not on this computer`
    it(`works from ${name}`, { skip }, async () => {
      // What tools keep in a home (Go's cache, wget's memory) goes with the folder.
      const environment = { HOME: locum.folder }
      assert.equal(await locum.exec('app', run, { environment }), 'correct horse\n')
    })
  }
})

function isHere([file = '', ...argv]: readonly string[]): boolean {
  try {
    execFileSync(file, argv, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
