import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  openFilesCheck,
  probeSandbox,
  programsCheck,
  systemCheck,
  trialCheck,
  userCheck,
  whyNot,
} from './probe.ts'

describe('why a sandbox cannot work, and what to do', () => {
  test('programs that are missing: the one line that installs them', () => {
    assert.deepEqual(programsCheck(['bwrap', 'ip', 'nsenter', 'setpriv']), {
      name: 'programs',
      ok: false,
      reason: 'not installed: bwrap, ip, nsenter, setpriv',
      next: 'apt-get install -y bubblewrap iproute2 util-linux',
    })
    assert.deepEqual(programsCheck([]), { name: 'programs', ok: true })
  })

  test('not Linux; and root', () => {
    assert.match(systemCheck('darwin').next ?? '', /Lima or Colima/)
    assert.equal(userCheck(0).ok, false)
    assert.equal(userCheck(1000).ok, true)
  })

  test('no user namespaces at all', () => {
    const set = { 'user.max_user_namespaces': '0' }
    assert.deepEqual(trialCheck('bwrap: No space left on device', set, false), {
      name: 'namespaces',
      ok: false,
      reason:
        'bwrap: No space left on device [user.max_user_namespaces=0 ' +
        'kernel.unprivileged_userns_clone=- kernel.apparmor_restrict_unprivileged_userns=-]',
      next: 'sysctl -w user.max_user_namespaces=65536',
    })
  })

  test('Debian’s old switch', () => {
    const set = { 'kernel.unprivileged_userns_clone': '0' }
    const { next } = trialCheck('Operation not permitted', set, false)
    assert.equal(next, 'sysctl -w kernel.unprivileged_userns_clone=1')
  })

  test('Ubuntu’s AppArmor', () => {
    const set = { 'kernel.apparmor_restrict_unprivileged_userns': '1' }
    const { next } = trialCheck('bwrap: setting up uid map: Permission denied', set, false)
    assert.match(next ?? '', /^AppArmor forbids it: .*\/etc\/apparmor\.d\/bwrap/)
  })

  test('a container’s seccomp', () => {
    const { next } = trialCheck('Creating new namespace failed: Operation not permitted', {}, true)
    assert.match(next ?? '', /seccomp=unconfined/)
  })

  test('few open files limit how many, not whether', () => {
    assert.equal(openFilesCheck(1024).next, 'ulimit -Hn 4096')
    assert.equal(openFilesCheck(4096).ok, true)
  })

  test('on this computer: an answer, with a reason for each no', async () => {
    const probe = await probeSandbox()
    for (const check of probe.checks) assert.ok(check.ok || check.reason, check.name)
    if (process.getuid?.() === 0) assert.match(whyNot(probe), /^user: root must not run sandboxes/)
  })
})
