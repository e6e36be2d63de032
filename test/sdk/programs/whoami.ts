/** In a machine: as whom an application acts that sets nothing. */
import { DefaultAzureCredential } from '@azure/identity'
import { claimsOf, print } from './print.ts'

const token = await new DefaultAzureCredential().getToken('https://vault.azure.net/.default')
print(claimsOf(token.token))
