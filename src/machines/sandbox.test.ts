/** What a machine is, seen by programs inside it. As an unprivileged user, as the daemon runs. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openTestMachines, type TestMachines } from './fixture.machines.ts'
import { goOnUnprivileged, skipWithoutSandbox } from './fixture.unprivileged.ts'

goOnUnprivileged()
const skip = await skipWithoutSandbox()
const METADATA_URL = 'http://169.254.169.254/metadata/identity/oauth2/token'

describe('a sandbox', { skip }, () => {
  let azure: TestMachines
  const say: TestMachines['say'] = (...asked) => azure.say(...asked)
  const codeOf: TestMachines['codeOf'] = (...asked) => azure.codeOf(...asked)

  before(async () => {
    azure = await openTestMachines()
    await Promise.all([azure.start('vm1'), azure.start('vm2')])
    await azure.machines.start({
      key: 'desk',
      hostName: 'desk',
      files: 'desk',
      kind: 'workstation',
    })
  })
  after(() => azure.close())

  describe('network', () => {
    test('two machines at once are each answered as themselves', async () => {
      const ask = (name: string) => say(name, `curl -s "${METADATA_URL}" -H Metadata:true`)
      const answers = await Promise.all(['vm1', 'vm2', 'vm1', 'vm2'].map(ask))
      assert.deepEqual(
        answers.map((answer) => JSON.parse(answer).machine),
        ['vm1', 'vm2', 'vm1', 'vm2'],
      )
    })

    test('what the caller says of itself changes nothing', async () => {
      const headers = '-H Host:vm2 -H X-Forwarded-For:10.0.0.2 -H "Forwarded: for=vm2"'
      const answer = await say('vm1', `curl -s ${METADATA_URL} ${headers}`)
      assert.deepEqual(JSON.parse(answer), { machine: 'vm1', host: 'vm2' })
    })

    test('a client that has said all it has to say still gets its answer', async () => {
      const script = `/usr/bin/python3 -c '
import socket
s = socket.create_connection(("169.254.169.254", 80))
s.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
s.shutdown(socket.SHUT_WR)
print(s.makefile().read().splitlines()[0])'`
      if (!existsSync('/usr/bin/python3')) return
      assert.equal(await say('vm1', script), 'HTTP/1.1 200 OK')
    })

    test('our names have the one address, others do not exist, over UDP and TCP', async () => {
      const lookUp = 'getent ahosts my-project.vault.azure.net | sort -u | cut -d " " -f 1 | uniq'
      assert.equal(await say('vm1', lookUp), '198.18.0.1')
      assert.equal(await codeOf('vm1', 'getent hosts example.org'), 2)
      const byStream = 'RES_OPTIONS=use-vc getent hosts kv.vault.azure.net'
      assert.match(await say('vm1', byStream), /^198\.18\.0\.1 +kv\.vault\.azure\.net$/)
    })

    test('a workstation has Azure, and no metadata service', async () => {
      assert.match(await say('desk', 'getent hosts kv.vault.azure.net'), /^198\.18\.0\.1/)
      assert.equal(await codeOf('desk', `curl -s ${METADATA_URL}`), 7)
    })

    test('ports of closed connections are used again', async () => {
      assert.equal(await say('vm1', 'cat /proc/sys/net/ipv4/tcp_tw_reuse'), '1')
    })

    test('there is no way out: no interface but lo, no route, no service of the host', async () => {
      const host = createServer((socket) => socket.end('host'))
      const abstract = createServer((socket) => socket.end('host'))
      const name = `\0locum-test-${process.pid}`
      await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
      await new Promise<void>((resolve) => abstract.listen(name, resolve))
      const { port } = host.address() as { port: number }
      assert.equal(await say('vm1', 'ls /sys/class/net 2>/dev/null || echo none'), 'none')
      assert.equal(await say('vm1', 'ip -o link | cut -d: -f2'), ' lo')
      assert.equal(await say('vm1', 'ip route'), '')
      assert.equal(await codeOf('vm1', `curl -s --max-time 5 telnet://127.0.0.1:${port}`), 7)
      const abstractly = `curl -s --max-time 5 --abstract-unix-socket ${name.slice(1)} http://x/`
      assert.equal(await codeOf('vm1', abstractly), 7)
      host.close()
      abstract.close()
    })

    test('no socket listens in the network of the host', () => {
      const listening = ['tcp', 'udp'].map((kind) => readFileSync(`/proc/net/${kind}`, 'utf8'))
      assert.doesNotMatch(listening.join(''), /FEA9FEA9|10813FA8|010012C6/)
    })
  })

  describe('trust', () => {
    const URL = 'https://my-project.vault.azure.net/keys?api-version=7.3'
    const clients: Record<string, { needs: string; script: string }> = {
      curl: { needs: '/usr/bin/curl', script: `curl -s -o /dev/null -w '%{http_code}' '${URL}'` },
      'openssl, by the hash link alone': {
        needs: '/usr/bin/openssl',
        script: `echo | env -u SSL_CERT_FILE openssl s_client -no_ign_eof -verify_return_error -CApath /etc/ssl/certs -no-CAfile -no-CAstore -connect my-project.vault.azure.net:443 >/dev/null 2>&1 && echo 200`,
      },
      python: {
        needs: '/usr/bin/python3',
        script: `/usr/bin/python3 -c 'import urllib.request as u; print(u.urlopen("${URL}").status)'`,
      },
      wget: { needs: '/usr/bin/wget', script: `wget -q -O /dev/null '${URL}' && echo 200` },
    }
    for (const [client, { needs, script }] of Object.entries(clients)) {
      test(`${client} verifies our hosts, nothing disabled`, async (t) => {
        if (!existsSync(needs)) return t.skip(`${needs} is not installed`)
        assert.equal(await say('vm1', script), '200')
      })
    }

    test('curl needs no variable for it', async () => {
      const bare = `env -i /usr/bin/curl -s -o /dev/null -w '%{http_code}' '${URL}'`
      assert.equal(await say('vm1', bare), '200')
    })

    test('java finds our root beside those of the host', async (t) => {
      if (!existsSync('/usr/bin/keytool')) return t.skip('keytool is not installed')
      const store = '-keystore /etc/ssl/certs/java/cacerts -storepass changeit'
      const said = await say('vm1', `keytool -list ${store} -alias locum-root`)
      assert.match(said, /^locum-root, .*trustedCertEntry/)
    })
  })

  describe('files and users', () => {
    test('azureuser is 1000, without capabilities, in a home that outlives a restart', async () => {
      assert.equal(await say('vm1', 'id -un; id -u; pwd'), 'azureuser\n1000\n/home/azureuser')
      assert.match(await say('vm1', 'cat /proc/self/status'), /^CapEff:\t0{16}$/m)
      await say('vm1', 'echo kept > note; echo lost > /tmp/note')
      await azure.machines.stop('vm1')
      await azure.start('vm1')
      assert.equal(await say('vm1', 'cat note; ls /tmp'), 'kept')
    })

    test('root is 0, and may do only what a machine of its own allows', async () => {
      assert.equal(await say('vm1', 'id -u; pwd', 'root'), '0\n/root')
      const refused = [
        'mount -t tmpfs none /tmp',
        'mount -o remount,rw,bind /etc/ssl/certs',
        'mount -o remount,rw /etc',
        'unshare --user --map-root-user --mount mount -o remount,rw,bind /etc/ssl/certs',
        'umount /etc/ssl/certs',
        'mknod /tmp/disk b 8 0',
        'date -s 2001-01-01',
        'hostname other',
        'echo 1 > /etc/ssl/certs/evil.pem',
        'echo 1 > /usr/bin/evil',
        'echo 1 > /proc/sys/kernel/panic',
        'ip addr add 10.0.0.1/32 dev lo',
      ]
      for (const script of refused) {
        assert.notEqual(await codeOf('vm1', script, 'root'), 0, script)
      }
    })

    test('the trust that all machines share cannot be changed from one', async () => {
      const bundle = join(azure.machinesFolder, 'trust', 'ca-certificates.crt')
      const before = readFileSync(bundle)
      await codeOf('vm1', 'echo evil >> /etc/ssl/certs/ca-certificates.crt', 'root')
      await codeOf('vm1', 'echo evil >> /etc/ssl/certs/ca-certificates.crt')
      assert.deepEqual(readFileSync(bundle), before)
    })

    test('nothing of the host is in sight but its programs', async () => {
      assert.equal(await say('vm1', 'ls -A /root'), '')
      assert.equal(await codeOf('vm1', `ls ${azure.folder}`), 2)
      assert.equal(await say('vm1', 'find / -xdev -type s 2>/dev/null'), '')
      assert.equal(await codeOf('vm1', 'cat /etc/shadow', 'root'), 1)
      assert.equal(
        await say('vm1', 'cut -d: -f1 /etc/passwd | tr "\\n" " "'),
        'root azureuser sshd nobody',
      )
    })

    test('no tty group, to which sshd would give a terminal in vain', async () => {
      assert.equal(await codeOf('vm1', 'getent group tty'), 2)
    })

    test('root sees neither the environment nor the arguments of the daemon', async () => {
      const env = await say('vm1', 'tr "\\0" "\\n" < /proc/1/environ | cut -d= -f1', 'root')
      assert.equal(env, 'PATH')
      const shown = await say('vm1', 'tr "\\0" " " < /proc/1/cmdline', 'root')
      assert.equal(shown.includes(azure.folder), false, shown)
    })

    test('only processes of the machine exist, and its first cannot be killed', async () => {
      const others = 'ls /proc | grep -c "^[0-9]*$"'
      assert.ok(Number(await say('vm1', others)) < 12)
      await codeOf('vm1', 'kill -9 1', 'root')
      assert.equal(await say('vm1', 'echo alive'), 'alive')
    })

    test('the host name is the machine’s own', async () => {
      assert.equal(await say('vm2', 'hostname; cat /etc/hostname'), 'vm2\nvm2')
    })
  })
})
