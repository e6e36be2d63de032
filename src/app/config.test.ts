import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Failure } from '../base/failure.ts'
import { dataFolderOf, readConfig } from './config.ts'

const TENANT = '11111111-2222-3333-4444-555555555555'

describe('configuration', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'locum-config-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const read = (flags: object, environment: Record<string, string> = {}) =>
    readConfig({ flags: { data: folder, ...flags }, environment, isRoot: false })
  const refusal = (flags: object, environment?: Record<string, string>) => {
    try {
      read(flags, environment)
    } catch (reason) {
      assert.ok(reason instanceof Failure)
      assert.equal(reason.code, 'InvalidConfig')
      return reason.message
    }
    return assert.fail('it was accepted')
  }

  it('has defaults, and is frozen', () => {
    const config = read({})
    assert.deepEqual(
      { ...config },
      {
        dataFolder: folder,
        port: 8443,
        hostSuffix: 'locum.localhost',
        logLevel: 'warn',
        trustedIssuers: { hosts: [], authority: undefined },
        tenantId: undefined,
        subscriptionId: undefined,
        masterKey: undefined,
      },
    )
    assert.ok(Object.isFrozen(config))
  })

  it('takes flags before the environment, that before the file, that before defaults', () => {
    writeFileSync(join(folder, 'config.json'), '{ "port": 1001, "hostSuffix": "from.file" }')
    assert.equal(read({}).port, 1001)
    assert.equal(read({}, { LOCUM_PORT: '1002' }).port, 1002)
    assert.equal(read({ port: '1003' }, { LOCUM_PORT: '1002' }).port, 1003)
    assert.equal(read({ port: '1003' }).hostSuffix, 'from.file')
    assert.equal(read({}, { LOCUM_PORT: '' }).port, 1001, 'an empty variable says nothing')
    rmSync(join(folder, 'config.json'))
  })

  it('reads hosts of issuers and the file of their authority', () => {
    const file = join(folder, 'issuers.pem')
    writeFileSync(file, 'PEM')
    const environment = {
      LOCUM_TRUSTED_ISSUERS: 'Issuer.example:443, localhost:7443',
      LOCUM_ISSUER_AUTHORITY: file,
    }
    assert.deepEqual(read({}, environment).trustedIssuers, {
      hosts: ['issuer.example', 'localhost:7443'],
      authority: 'PEM',
    })
    assert.match(refusal({}, { LOCUM_TRUSTED_ISSUERS: 'a b' }), /^the setting trustedIssuers /)
    assert.match(
      refusal({}, { LOCUM_ISSUER_AUTHORITY: join(folder, 'absent') }),
      /^the setting issuerAuthority must be a file that can be read$/,
    )
  })

  it('writes ids in lower case', () => {
    const upper = 'ABCDEF00-2222-3333-4444-555555555555'
    assert.equal(read({ tenantId: upper }).tenantId, upper.toLowerCase())
  })

  it('reads a master key in base64 and in hex, and never prints it', () => {
    const key = Buffer.alloc(32, 7)
    for (const encoding of ['base64', 'hex'] as const) {
      const { masterKey } = read({}, { LOCUM_MASTER_KEY: key.toString(encoding) })
      assert.deepEqual(Buffer.from(masterKey?.reveal() ?? []), key)
      assert.equal(JSON.stringify({ masterKey }), '{"masterKey":"[secret]"}')
    }
    const short = refusal({}, { LOCUM_MASTER_KEY: 'c2VjcmV0' })
    assert.match(short, /^LOCUM_MASTER_KEY must be 32 bytes .* openssl rand -base64 32$/)
    assert.doesNotMatch(short, /c2VjcmV0/)
  })

  it('refuses what it cannot read, and names the setting', () => {
    assert.equal(refusal({ port: '65536' }), 'the setting port must be 0 to 65535')
    assert.equal(refusal({ port: '-1' }), 'the setting port must be 0 to 65535')
    assert.equal(refusal({ port: '8443x' }), 'the setting port must be 0 to 65535')
    assert.equal(refusal({ tenantId: 'mine' }), 'the setting tenantId must be a GUID')
    assert.equal(refusal({ hostSuffix: 'a..b' }), 'the setting hostSuffix must be a DNS name')
    assert.match(refusal({ logLevel: 'loud' }), /^the setting logLevel /)
    writeFileSync(join(folder, 'config.json'), `{ "tenant": "${TENANT}" }`)
    assert.equal(refusal({}), 'the setting tenant is not a setting')
    writeFileSync(join(folder, 'config.json'), 'port: 1')
    assert.equal(refusal({}), `${join(folder, 'config.json')} must hold one JSON object`)
    rmSync(join(folder, 'config.json'))
  })
})

describe('the data folder', () => {
  const of = (environment: Record<string, string>, isRoot = false, data?: string) =>
    dataFolderOf({ flags: { data }, environment, isRoot })

  it('is the flag, else LOCUM_HOME, else where the system keeps data', () => {
    const HOME = '/home/ada'
    assert.equal(of({ HOME, LOCUM_HOME: '/elsewhere' }, false, '/flagged'), '/flagged')
    assert.equal(of({ HOME, LOCUM_HOME: '/elsewhere' }, true), '/elsewhere')
    assert.equal(of({ HOME }, true), '/var/lib/locum')
    assert.equal(of({ HOME, XDG_DATA_HOME: '/data' }), '/data/locum/default')
    assert.equal(of({ HOME, XDG_DATA_HOME: 'data' }), '/home/ada/.local/share/locum/default')
    assert.equal(of({ HOME }), '/home/ada/.local/share/locum/default')
  })

  it('is absolute, whatever was said', () => {
    assert.equal(of({}, false, 'here'), join(process.cwd(), 'here'))
  })

  it('is asked for when there is no home', () => {
    assert.throws(() => of({}), /name one with --data or LOCUM_HOME$/)
  })
})
