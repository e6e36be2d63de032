import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { azureNames, hostReader, localNames } from './names.ts'

const local = localNames('locum.localhost', 8443)
const readHost = hostReader('locum.localhost', local)

describe('a host name', () => {
  const rows: [host: string, service: string | undefined, account?: string][] = [
    ['management.azure.com', 'management'],
    ['Management.Azure.com:443', 'management'],
    ['sts.windows.net', 'login'],
    ['kv1.vault.azure.net', 'vault', 'kv1'],
    ['kv1.vault.locum.localhost:8443', 'vault', 'kv1'],
    ['vault.azure.net', undefined],
    ['a.b.vault.azure.net', undefined],
    ['evilvault.azure.net', undefined],
    ['example.com', undefined],
    ['', undefined],
  ]
  for (const [host, service, account] of rows) {
    it(`'${host}' is ${service ?? 'nobody'}${account ? ` with the account ${account}` : ''}`, () => {
      const found = readHost(host)
      assert.equal(found?.service, service)
      assert.equal(found?.account, account)
    })
  }

  it('decides by which names the answer speaks', () => {
    assert.equal(readHost('kv1.vault.azure.net')?.names, azureNames)
    assert.equal(readHost('kv1.vault.locum.localhost:8443')?.names, local)
  })
})

describe('names', () => {
  it("are Azure's own inside a sandbox", () => {
    assert.equal(azureNames.origin('login'), 'https://login.microsoftonline.com')
    assert.equal(azureNames.accountOrigin('vault', 'kv1'), 'https://kv1.vault.azure.net')
    assert.equal(azureNames.resource('vault'), 'https://vault.azure.net')
  })

  it('carry suffix and port on the host', () => {
    assert.equal(local.origin('management'), 'https://management.locum.localhost:8443')
    assert.equal(local.accountOrigin('vault', 'kv1'), 'https://kv1.vault.locum.localhost:8443')
    assert.equal(localNames('x.test', 443).origin('graph'), 'https://graph.x.test')
  })
})
