/**
 * What a program on a machine looks like: no password, no key, no address of an identity. The same
 * lines run in Azure.
 */
import { DefaultAzureCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'

const vault = new SecretClient('https://my-project.vault.azure.net', new DefaultAzureCredential())
console.log((await vault.getSecret('greeting')).value)
