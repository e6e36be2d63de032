import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bubblewrapArguments, FIRST_PROCESS, systemFolders } from './bubblewrap.ts'
import { guestFiles } from './guest-files.ts'

const args = bubblewrapArguments({
  hostName: 'vm1',
  folder: '/data/vm1',
  files: guestFiles('vm1'),
  trust: '/data/trust',
  system: [{ path: '/usr' }, { path: '/bin', link: 'usr/bin' }],
})
const text = args.join(' ')

describe('the arguments of a sandbox', () => {
  test('name each namespace: --unshare-all goes on without one that is refused', () => {
    assert.deepEqual(args.slice(0, 6), [
      '--unshare-user',
      '--unshare-net',
      '--unshare-pid',
      '--unshare-uts',
      '--unshare-ipc',
      '--unshare-cgroup',
    ])
    assert.equal(args.includes('--unshare-all'), false)
  })

  test('leave the end to the first process: --die-with-parent leaves stuck ones behind', () => {
    assert.equal(args.includes('--die-with-parent'), false)
    assert.equal(args.includes('--block-fd'), false)
    assert.equal(FIRST_PROCESS.at(-1), 'echo $$; exec cat >/dev/null')
  })

  test('map root, not azureuser: with another user and --dev nobody could enter', () => {
    assert.match(text, /--uid 0 --gid 0/)
    assert.match(text, /--dev \/dev/)
  })

  test('give the capability that mapping azureuser needs, and no other', () => {
    assert.deepEqual(
      args.filter((_, at) => args[at - 1] === '--cap-add'),
      ['CAP_SETFCAP'],
    )
    assert.match(FIRST_PROCESS.join(' '), /--map-user=1000 --map-group=1000/)
  })

  test('clear the environment', () => {
    assert.ok(args.includes('--clearenv'))
  })

  test('show the system read-only, and of the machine’s own only the home to write', () => {
    assert.match(text, /--ro-bind \/usr \/usr --symlink usr\/bin \/bin/)
    const writable = args.flatMap((word, at) => (word === '--bind' ? [args[at + 2]] : []))
    assert.deepEqual(writable, ['/home/azureuser'])
    assert.match(text, /--remount-ro \/etc$/)
  })

  test('cover the names of the host with those of the machine', () => {
    for (const name of ['hosts', 'hostname', 'resolv.conf', 'nsswitch.conf', 'passwd', 'group']) {
      assert.ok(text.includes(`--ro-bind /data/vm1/etc/${name} /etc/${name}`), name)
    }
    assert.ok(text.includes('--ro-bind /data/trust /etc/ssl/certs'))
    assert.doesNotMatch(text, /\/etc\/(shadow|gshadow|ssh|machine-id)/)
  })
})

test('this computer’s own system folders are found, links as links', () => {
  const usr = systemFolders().find(({ path }) => path === '/usr')
  assert.deepEqual(usr, { path: '/usr' })
})
