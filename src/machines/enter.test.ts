import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../base/failure.ts'
import { Secret } from '../base/secret.ts'
import { type Caller, enterCommand } from './enter.ts'
import { type Entrance, readEntrance, type SandboxEntrance, writeEntrance } from './entrance.ts'
import { NAMESPACES } from './sandbox.ts'

const namespaces = Object.fromEntries(
  Object.entries(NAMESPACES).map(([name, file]) => [
    name,
    { path: `/proc/77/ns/${file}`, identity: `${file}:[1]` },
  ]),
) as unknown as SandboxEntrance['namespaces']

const entrance: SandboxEntrance = {
  mode: 'sandbox',
  hostName: 'vm1',
  kind: 'virtual-machine',
  owner: { uid: 990, gid: 991 },
  namespaces,
  firstProcess: 2,
  files: '/data/vm1/etc',
  trust: '/data/trust',
}
const debian = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/etc/ssl/certs'])
const owner: Caller = {
  uid: 990,
  gid: 991,
  env: { PATH: '/bin', https_proxy: 'http://p', MSI_ENDPOINT: 'http://x', MINE: 'kept' },
  has: (path) => debian.has(path),
}
const root: Caller = { ...owner, uid: 0, gid: 0 }
const request = { argv: ['node', 'app.js'] }

describe('with the caller’s own files', () => {
  test('the owner enters by the machine’s user namespace, and is then itself again', () => {
    const command = enterCommand(entrance, request, owner)
    assert.equal(command.file, 'nsenter')
    assert.deepEqual(command.namespaces, ['user', 'net', 'uts'])
    assert.deepEqual(command.argv.slice(0, 5), [
      '--user=/proc/self/fd/3',
      '--net=/proc/self/fd/4',
      '--uts=/proc/self/fd/5',
      '--preserve-credentials',
      '--',
    ])
    assert.deepEqual(command.argv.slice(-8), [
      ...['--', 'unshare', '--user', '--map-user=990', '--map-group=991', '--'],
      ...['node', 'app.js'],
    ])
  })

  test('root enters without it, and stays root', () => {
    const command = enterCommand(entrance, request, root)
    assert.deepEqual(command.namespaces, ['net', 'uts'])
    assert.deepEqual(command.argv.slice(-3), ['--', 'node', 'app.js'])
    assert.equal(command.argv.includes('--preserve-credentials'), false)
    assert.equal(command.argv.includes('--map-user=0'), false)
  })

  test('only what this computer has is replaced, by pairs of source and target', () => {
    const { argv } = enterCommand(entrance, request, root)
    const pairs = argv.slice(argv.lastIndexOf('sh') + 1, argv.lastIndexOf('--'))
    assert.deepEqual(pairs, [
      ...['/data/vm1/etc/hosts', '/etc/hosts'],
      ...['/data/vm1/etc/hostname', '/etc/hostname'],
      ...['/data/vm1/etc/resolv.conf', '/etc/resolv.conf'],
      ...['/data/trust', '/etc/ssl/certs'],
    ])
  })

  test('Fedora keeps its trust elsewhere', () => {
    const has = (path: string) => path.startsWith('/etc/pki/')
    const { argv } = enterCommand(entrance, request, { ...root, has })
    const text = argv.join(' ')
    assert.match(text, /\/data\/trust\/ca-certificates\.crt \/etc\/pki\/tls\/certs\/ca-bundle\.crt/)
    assert.match(text, /\/data\/trust\/java\/cacerts \/etc\/pki\/java\/cacerts/)
  })

  test('the environment travels, but for what leads past the machine; trust is added', () => {
    const { env } = enterCommand(entrance, request, owner)
    assert.deepEqual(env, {
      PATH: '/bin',
      MINE: 'kept',
      SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
      REQUESTS_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
      CURL_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
      NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/locum-root.pem',
    })
  })

  test('a computer without a trust folder is shown ours where it lies', () => {
    const { env } = enterCommand(entrance, request, { ...owner, has: () => false })
    assert.equal(env.SSL_CERT_FILE, '/data/trust/ca-certificates.crt')
  })

  test('nobody else may enter', () => {
    for (const asked of [request, { ...request, root: true }]) {
      assert.throws(
        () => enterCommand(entrance, asked, { ...owner, uid: 1000 }),
        (error) => error instanceof Failure && error.code === 'NotTheOwner',
      )
    }
  })
})

describe('as the machine’s root', () => {
  const asked = { argv: ['id'], root: true }

  test('each namespace is named: nsenter’s --all wants one more, and is refused', () => {
    const { argv, namespaces: opened } = enterCommand(entrance, asked, owner)
    assert.deepEqual(opened, ['user', 'mount', 'uts', 'ipc', 'net', 'pid', 'cgroup'])
    assert.equal(argv.includes('--all') || argv.includes('-a'), false)
    assert.ok(argv.includes('--mount=/proc/self/fd/4'))
  })

  test('it may not mount: it could write into what all machines share', () => {
    const { argv } = enterCommand(entrance, asked, owner)
    const bounds = argv.find((word) => word.startsWith('--bounding-set='))
    assert.equal(
      bounds,
      '--bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setuid,+setgid,+net_bind_service,+sys_chroot',
    )
    assert.ok(argv.includes('--no-new-privs'))
  })

  test('real root becomes the owner first', () => {
    const command = enterCommand(entrance, asked, root)
    assert.equal(command.file, 'setpriv')
    assert.deepEqual(command.argv.slice(0, 8), [
      ...['--reuid', '990', '--regid', '991', '--clear-groups', '--inh-caps=-all'],
      ...['--', 'nsenter'],
    ])
  })

  test('nothing of the caller’s environment goes in but the kind of terminal', () => {
    const env = { TERM: 'vt100', SECRET: 'x' }
    const command = enterCommand(entrance, asked, { ...owner, env })
    assert.equal(command.env.TERM, 'vt100')
    assert.equal('SECRET' in command.env, false)
    assert.equal(command.env.HOME, '/root')
  })
})

describe('beside a loopback machine', () => {
  const environment = new Secret({ IDENTITY_ENDPOINT: 'http://127.0.0.1:9/msi/token' })
  const about = { hostName: 'vm1', kind: 'virtual-machine', weakness: 'weak' } as const
  const beside: Entrance = { mode: 'loopback', ...about, environment }

  test('the program runs as it is, with the variables that lead to the machine', () => {
    const command = enterCommand(beside, request, owner)
    assert.deepEqual(command, {
      file: 'node',
      argv: ['app.js'],
      env: { PATH: '/bin', MINE: 'kept', IDENTITY_ENDPOINT: 'http://127.0.0.1:9/msi/token' },
      namespaces: [],
    })
  })

  test('there are no files to enter as root', () => {
    assert.throws(
      () => enterCommand(beside, { ...request, root: true }, owner),
      (error) => error instanceof Failure && error.code === 'NoSandbox',
    )
  })

  test('an entrance goes over the wire and comes back; printed, it shows no secret', () => {
    assert.deepEqual(readEntrance(writeEntrance(entrance)), entrance)
    const back = readEntrance(writeEntrance(beside))
    assert.deepEqual(enterCommand(back, request, owner), enterCommand(beside, request, owner))
    assert.doesNotMatch(JSON.stringify(beside), /127\.0\.0\.1/)
  })
})
