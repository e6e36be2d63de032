import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import type { Status } from '../planes/control/status.ts'
import { exportLines, ownerVariables, withoutSignIn } from './client-environment.ts'

const STATUS: Status = {
  version: '0.1.0',
  pid: 7,
  startedAt: '2026-01-15T09:30:00.000Z',
  dataFolder: '/data',
  tenantId: 'the-tenant',
  subscriptionId: 'the-subscription',
  endpoints: {
    login: 'https://login.locum.localhost:8443',
    management: 'https://management.locum.localhost:8443',
  },
  trust: { authority: '/data/authority.pem', bundle: '/data/trust.pem' },
  owner: {
    clientId: 'the-client',
    objectId: 'the-object',
    certificate: '/data/owner.pem',
    pkcs12: '/data/owner.pfx',
    thumbprint: 'A1B2',
  },
  sandbox: { works: true },
  machines: [],
}

describe('the environment of clients', () => {
  it('names the owner only, where Azure has its own names', () => {
    assert.deepEqual(ownerVariables(STATUS, { local: false }), {
      AZURE_TENANT_ID: 'the-tenant',
      AZURE_CLIENT_ID: 'the-client',
      AZURE_CLIENT_CERTIFICATE_PATH: '/data/owner.pem',
      AZURE_SUBSCRIPTION_ID: 'the-subscription',
      AZURE_TENANT: 'the-tenant',
      AZURE_X509_CERTIFICATE_PATH: '/data/owner.pem',
      AZURE_THUMBPRINT: 'A1B2',
      ARM_TENANT_ID: 'the-tenant',
      ARM_CLIENT_ID: 'the-client',
      ARM_CLIENT_CERTIFICATE_PATH: '/data/owner.pfx',
      ARM_SUBSCRIPTION_ID: 'the-subscription',
    })
  })

  it('adds the authority and the trust on the host', () => {
    const added = Object.entries(ownerVariables(STATUS, { local: true })).slice(11)
    assert.deepEqual(Object.fromEntries(added), {
      AZURE_AUTHORITY_HOST: 'https://login.locum.localhost:8443',
      ARM_CLOUD_METADATA_URL:
        'https://management.locum.localhost:8443/metadata/endpoints?api-version=2020-06-01',
      ARM_METADATA_HOSTNAME: 'management.locum.localhost:8443',
      AZURE_CORE_INSTANCE_DISCOVERY: 'false',
      SSL_CERT_FILE: '/data/trust.pem',
      REQUESTS_CA_BUNDLE: '/data/trust.pem',
      CURL_CA_BUNDLE: '/data/trust.pem',
      NODE_EXTRA_CA_CERTS: '/data/authority.pem',
    })
  })

  it('signs nobody in where a machine has an identity', () => {
    const kept = { PATH: '/bin', AZURE_SUBSCRIPTION_ID: 'the-subscription' }
    const owner = ownerVariables(STATUS, { local: true })
    const left = Object.keys(withoutSignIn({ ...kept, ...owner }))
    assert.deepEqual(left, [
      ...['PATH', 'AZURE_SUBSCRIPTION_ID', 'ARM_SUBSCRIPTION_ID'],
      ...['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'],
    ])
    const elsewhere = { AZURE_CLIENT_ID: 'app', AZURE_TENANT_ID: 'real', AZURE_CLIENT_SECRET: 'x' }
    assert.deepEqual(withoutSignIn({ ...kept, ...elsewhere }), kept)
  })

  it('keeps a client id alone, which chooses an identity', () => {
    assert.deepEqual(withoutSignIn({ AZURE_CLIENT_ID: 'worker' }), { AZURE_CLIENT_ID: 'worker' })
  })

  it('survives a shell whatever the values hold', () => {
    const value = `it's "a" $(touch x) \`y\` \\ z`
    const script = `${exportLines({ VALUE: value })}\nprintf %s "$VALUE"`
    assert.equal(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }), value)
  })
})
