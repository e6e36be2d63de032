/**
 * Two virtual machines that cannot get each other's token: everything a program inside one of them
 * may send, name, connect to or read, tried for the identity of the other.
 */
import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { type Machine, makeGroup, type Principal } from '../estate.ts'
import { type Locum, startLocum } from '../locum.ts'
import { claimsOf } from './tutorial.ts'

const TOKEN_PATH =
  '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net'
const METADATA = `http://169.254.169.254${TOKEN_PATH}`
const CURL_CANNOT_RESOLVE = 6
const CURL_CANNOT_CONNECT = 7

describe('a machine and the identities of another', () => {
  let locum: Locum
  let alpha: Machine
  let beta: Machine
  let onlyAlphas: Principal
  let alphasOwn: Principal
  let betasOwn: Principal

  before(async () => {
    locum = await startLocum()
    const estate = await makeGroup(locum, 'isolation')
    onlyAlphas = await estate.identity('only-alphas')
    alpha = await estate.machine('alpha', { user: [onlyAlphas] })
    beta = await estate.machine('beta')
    alphasOwn = alpha.own ?? assert.fail()
    betasOwn = beta.own ?? assert.fail()
  })
  after(() => locum?.remove())

  it('cannot name them', async () => {
    for (const { clientId, principalId, id } of [alphasOwn, onlyAlphas]) {
      for (const selector of [
        `client_id=${clientId}`,
        `clientid=${clientId}`,
        `object_id=${principalId}`,
        `principal_id=${principalId}`,
        `msi_res_id=${id}`,
        `mi_res_id=${encodeURIComponent(id)}`,
      ]) {
        const reply = await fromBeta(['-H', 'Metadata:true', `${METADATA}&${selector}`])
        assert.deepEqual(
          [selector, reply.error, reply.error_description],
          [selector, 'invalid_request', 'Identity not found'],
        )
      }
    }
  })

  it('cannot smuggle a second selector past the first', async () => {
    const own = `client_id=${betasOwn.clientId}`
    for (const more of [
      `&client_id=${alphasOwn.clientId}`,
      `&Client_Id=${alphasOwn.clientId}`,
      `&object_id=${alphasOwn.principalId}`,
      `&client_id%00=${alphasOwn.clientId}`,
    ]) {
      const reply = await fromBeta(['-H', 'Metadata:true', `${METADATA}&${own}${more}`])
      if (reply.access_token) assert.equal(oidOf(reply), betasOwn.principalId, more)
      else assert.equal(reply.error, 'invalid_request', more)
    }
  })

  it('cannot pretend to be elsewhere: headers are not believed', async () => {
    const claims = [
      'Host: alpha',
      'Host: 10.0.0.4',
      `X-Forwarded-Host: alpha`,
      'Forwarded: for=10.0.0.4;host=alpha',
      'X-Real-IP: 10.0.0.4',
      `X-Ms-Client-Principal-Id: ${alphasOwn.principalId}`,
      `X-Ms-Resource-Id: ${alpha.id}`,
      'X-IDENTITY-HEADER: anything',
    ]
    for (const header of claims) {
      const reply = await fromBeta(['-H', 'Metadata:true', '-H', header, METADATA])
      assert.equal(oidOf(reply), betasOwn.principalId, header)
    }
    for (const header of ['X-Forwarded-For: 10.0.0.4', 'x-forwarded-for: 169.254.169.254']) {
      const reply = await fromBeta(['-H', 'Metadata:true', '-H', header, METADATA])
      assert.equal(reply.error, 'invalid_request', header)
    }
  })

  it('cannot go through the metadata service as a proxy', async () => {
    const proxied = ['--proxy', 'http://169.254.169.254', '-H', 'Metadata:true']
    const absolute = await fromBeta([...proxied, `http://alpha${TOKEN_PATH}`])
    if (absolute.access_token) assert.equal(oidOf(absolute), betasOwn.principalId)
    const tunnel = ['exec', 'beta', '--', 'curl', '-s', ...proxied, '--proxytunnel', METADATA]
    assert.notEqual((await locum.run(tunnel)).code, 0)
  })

  it("finds no metadata behind Azure's other host names", async () => {
    for (const host of ['management.azure.com', 'login.microsoftonline.com', 'x.vault.azure.net']) {
      const reply = await fromBeta([
        ...['-H', 'Metadata:true', '-H', 'Host: 169.254.169.254'],
        `https://${host}${TOKEN_PATH}`,
      ])
      assert.equal(reply.access_token, undefined, host)
    }
  })

  it("cannot reach this computer's loopback, addresses or names", async () => {
    const { port } = new URL(locum.status.endpoints.management ?? '')
    const addresses = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
    for (const address of new Set(['127.0.0.1', '[::1]', ...addresses])) {
      const url = `https://${address}:${port}/`
      const ran = await locum.run(['exec', 'beta', '--', 'curl', '-sk', '-m', '5', url])
      assert.equal(ran.code, CURL_CANNOT_CONNECT, `${address}: ${ran.stdout}`)
    }
    const named = ['exec', 'beta', '--', 'curl', '-sk', 'https://example.com/']
    assert.equal((await locum.run(named)).code, CURL_CANNOT_RESOLVE)
  })

  it('cannot get a token from the token service without the certificate', async () => {
    const own = await fromBeta(['-H', 'Metadata:true', METADATA])
    const url = `https://login.microsoftonline.com/${locum.status.tenantId}/oauth2/v2.0/token`
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const asserted = (text = '') => [`client_assertion_type=${type}`, `client_assertion=${text}`]
    const tries: [what: string, fields: readonly string[], error: string][] = [
      ['nothing', [], 'invalid_client'],
      ['a secret', ['client_secret=guess'], 'invalid_client'],
      // Another issuer's word than the client's own: nobody registered it for this identity.
      ["one's own access token", asserted(own.access_token), 'invalid_request'],
      ['an unsigned assertion', asserted(unsigned(alphasOwn.clientId, url)), 'invalid_client'],
    ]
    for (const [what, fields, error] of tries) {
      const form = [
        'grant_type=client_credentials',
        `client_id=${alphasOwn.clientId}`,
        'scope=https://vault.azure.net/.default',
        ...fields,
      ]
      const reply = await fromBeta([...form.flatMap((one) => ['--data-urlencode', one]), url])
      assert.equal(reply.access_token, undefined, what)
      assert.equal(reply.error, error, what)
    }
  })

  it("sees neither Locum's files nor processes nor the other machine, as its own root", async () => {
    const asRoot = (script: string) => locum.exec('beta', script, { root: true })
    const secrets =
      "\\( -name owner.pem -o -name 'locum.db*' -o -name master.key -o -name '*.sock' \\)"
    assert.equal(await asRoot(`find / -xdev ${secrets} 2>/dev/null || true`), '')
    assert.equal(await asRoot(`ls -d '${locum.folder}' 2>/dev/null || true`), '')
    const processes = await asRoot("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' ' '")
    assert.doesNotMatch(processes, /alpha|LOCUM|locum-outside|main\.ts/)
    assert.equal((await asRoot('hostname')).trim(), 'beta')
  })

  it('cannot change its network or mounts, as its own root', async () => {
    for (const command of [
      'ip address add 10.0.0.4/32 dev lo',
      'ip link add alpha type veth',
      'mount -t tmpfs none /mnt',
      'mount -o remount,rw,bind /etc/ssl/certs',
      'mknod /tmp/disk b 8 0',
    ]) {
      const ran = await locum.run(['exec', '--root', 'beta', '--', 'sh', '-c', command])
      assert.notEqual(ran.code, 0, command)
    }
    const nowhere = ['unshare', '--user', '--net', 'curl', '-s', '-m', '5', METADATA]
    assert.notEqual((await locum.run(['exec', '--root', 'beta', '--', ...nowhere])).code, 0)
  })

  it('always gets its own, however many ask at once', async () => {
    const many = ['-s', '--parallel', '--parallel-max', '8', `${METADATA}#[1-100]`]
    const machines = [
      ['alpha', alphasOwn],
      ['beta', betasOwn],
    ] as const
    const replies = await Promise.all(
      machines.map(([name]) => locum.exec(name, ['curl', '-H', 'Metadata:true', ...many])),
    )
    for (const [at, [, own]] of machines.entries()) {
      const tokens = [...(replies[at] ?? '').matchAll(/"access_token":"([^"]+)"/g)]
      assert.equal(tokens.length, 100)
      const subjects = new Set(tokens.map(([, token = '']) => claimsOf(token).oid))
      assert.deepEqual(subjects, new Set([own.principalId]))
    }
  })

  /** What curl gets with these arguments, on beta, if it is JSON. */
  async function fromBeta(argv: readonly string[]): Promise<Record<string, string>> {
    const { stdout } = await locum.run(['exec', 'beta', '--', 'curl', '-s', ...argv])
    try {
      return JSON.parse(stdout)
    } catch {
      return { text: stdout }
    }
  }
})

describe('another user of this computer', {
  skip: process.getuid?.() !== 0 && 'needs root',
}, () => {
  it('may not enter a machine, nor ask who is there', async () => {
    const locum = await startLocum()
    try {
      const estate = await makeGroup(locum, 'other-user')
      await estate.machine('gamma')
      for (const argv of [['exec', 'gamma', '--', 'true'], ['status'], ['shell', '--', 'true']]) {
        const ran = await locum.runAs(65_534, argv)
        assert.match(ran.stderr, /belongs to another user/)
        assert.notEqual(ran.code, 0)
      }
    } finally {
      await locum.remove()
    }
  })
})

function oidOf(reply: Readonly<Record<string, string>>): unknown {
  assert.ok(reply.access_token, JSON.stringify(reply))
  return claimsOf(reply.access_token).oid
}

/** An assertion for the client, with `alg` none. */
function unsigned(clientId: string, audience: string): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { aud: audience, iss: clientId, sub: clientId, jti: 'x', nbf: now, exp: now + 300 }
  const parts = [{ alg: 'none', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return `${parts.join('.')}.`
}
