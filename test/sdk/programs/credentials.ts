/** In a machine: every way in which @azure/identity takes a token of a managed identity. */
import {
  DefaultAzureCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity'
import { claimsOf, print, refusal } from './print.ts'

const [clientId = '', objectId = '', resourceId = '', foreignClientId = ''] = process.argv.slice(2)

const credentials: Readonly<Record<string, TokenCredential>> = {
  default: new ManagedIdentityCredential(),
  clientId: new ManagedIdentityCredential({ clientId }),
  clientIdAlone: new ManagedIdentityCredential(clientId),
  objectId: new ManagedIdentityCredential({ objectId }),
  resourceId: new ManagedIdentityCredential({ resourceId }),
  chain: new DefaultAzureCredential(),
  chainByClientId: new DefaultAzureCredential({ managedIdentityClientId: clientId }),
  chainByResourceId: new DefaultAzureCredential({ managedIdentityResourceId: resourceId }),
}

const objects: Record<string, unknown> = {}
for (const [name, credential] of Object.entries(credentials)) {
  const token = await credential.getToken('https://vault.azure.net/.default')
  objects[name] = claimsOf(token?.token ?? '').oid
}
const foreign = new ManagedIdentityCredential({ clientId: foreignClientId })
const unknown = new ManagedIdentityCredential()
print({
  objects,
  audience: claimsOf(
    (await unknown.getToken('https://management.azure.com//.default'))?.token ?? '',
  ).aud,
  foreign: await refusal(foreign.getToken('https://vault.azure.net/.default')),
  unknownResource: await refusal(unknown.getToken('https://nobody.example.com/.default')),
})
