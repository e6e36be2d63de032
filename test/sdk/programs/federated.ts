/** In a machine: an application that trusts the machine's identity, in both ways of the SDK. */
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ClientAssertionCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity'
import { claimsOf, print } from './print.ts'

const [tenantId = '', clientId = '', identityClientId = ''] = process.argv.slice(2)
const SCOPE = 'https://vault.azure.net/.default'

const identity = new ManagedIdentityCredential({ clientId: identityClientId })
const assertion = async () => (await identity.getToken('api://AzureADTokenExchange')).token
const claims = claimsOf(await assertion())

const byAssertion = new ClientAssertionCredential(tenantId, clientId, assertion)
const tokenFilePath = join(tmpdir(), `federated-${process.pid}`)
writeFileSync(tokenFilePath, await assertion(), { mode: 0o600 })
const byFile = new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath })
try {
  print({
    assertion: [claims.iss, claims.aud, claims.sub],
    byAssertion: claimsOf((await byAssertion.getToken(SCOPE)).token).oid,
    byFile: claimsOf((await byFile.getToken(SCOPE)).token).oid,
  })
} finally {
  rmSync(tokenFilePath)
}
