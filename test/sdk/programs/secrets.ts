/** In a machine: the life of a secret, with @azure/keyvault-secrets and a managed identity. */
import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { print, refusal } from './print.ts'

const [vaultUrl = '', readerClientId = ''] = process.argv.slice(2)
const client = new SecretClient(vaultUrl, new DefaultAzureCredential())
const reader = new SecretClient(vaultUrl, new ManagedIdentityCredential(readerClientId))

const first = await client.setSecret('password', 'first', { tags: { of: 'db' } })
const second = await client.setSecret('password', 'second', { contentType: 'text/plain' })
const latest = await client.getSecret('password')
const older = await client.getSecret('password', { version: first.properties.version ?? '' })
await client.updateSecretProperties('password', second.properties.version ?? '', {
  enabled: false,
})
const disabled = await refusal(client.getSecret('password'))
const versions: unknown[] = []
for await (const { enabled } of client.listPropertiesOfSecretVersions('password')) {
  versions.push(enabled)
}
const many = Array.from({ length: 30 }, (_, at) => `many-${String(at).padStart(2, '0')}`)
for (const name of many) await client.setSecret(name, `value of ${name}`)
const listed: string[] = []
for await (const { name } of client.listPropertiesOfSecrets()) listed.push(name)
const pages: number[] = []
for await (const page of client.listPropertiesOfSecrets().byPage({ maxPageSize: 10 })) {
  pages.push(page.length)
}

const deletion = await client.beginDeleteSecret('password')
await deletion.pollUntilDone()
const gone = await refusal(client.getSecret('password'))
const blocked = await refusal(client.setSecret('password', 'third'))
const recovery = await client.beginRecoverDeletedSecret('password')
await recovery.pollUntilDone()
const recovered = await client.getSecret('password', { version: first.properties.version ?? '' })
await (await client.beginDeleteSecret('many-00')).pollUntilDone()
const deleted: string[] = []
for await (const { name } of client.listDeletedSecrets()) deleted.push(name)
await client.purgeDeletedSecret('many-00')
const backup = await client.backupSecret('many-02')
await (await client.beginDeleteSecret('many-02')).pollUntilDone()
await client.purgeDeletedSecret('many-02')
await client.restoreSecretBackup(backup ?? new Uint8Array())

print({
  values: [latest.value, older.value, recovered.value],
  contentType: latest.properties.contentType,
  tags: older.properties.tags,
  recoveryLevel: latest.properties.recoveryLevel,
  id: latest.properties.id?.replace(/\/[0-9a-f]{32}$/, '/{version}'),
  versions: versions.sort(),
  disabled,
  listed: listed.sort(),
  pages,
  gone,
  blocked,
  deleted,
  restored: (await client.getSecret('many-02')).value,
  purged: await refusal(client.getDeletedSecret('many-00')),
  missing: await refusal(client.getSecret('nothing')),
  readers: {
    value: (await reader.getSecret('many-01')).value,
    write: await refusal(reader.setSecret('many-01', 'mine')),
  },
})
