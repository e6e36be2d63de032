/**
 * The files made for each machine: what its `/etc` says that this computer's does not.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RESOLVER } from './addresses.ts'
import { trustEnvironment } from './trust-folder.ts'

/** The administrator's number in every machine, as in Azure's images. */
export const AZUREUSER_ID = 1000

/** By file name in `/etc`. */
export type GuestFiles = Readonly<Record<string, string>>

/**
 * No `tty` group: sshd would give the terminal to it, and a machine maps no such group, so that
 * every login would fail. Names are looked up in files and by DNS, never by the daemons of the host.
 */
export function guestFiles(hostName: string): GuestFiles {
  return {
    hosts: `127.0.0.1 localhost\n127.0.1.1 ${hostName}\n::1 localhost\n`,
    hostname: `${hostName}\n`,
    'resolv.conf': `nameserver ${RESOLVER.host}\noptions timeout:2 attempts:1\n`,
    'nsswitch.conf': lines([
      'passwd: files',
      'group: files',
      'shadow: files',
      'hosts: files dns',
      'services: files',
      'protocols: files',
    ]),
    passwd: lines([
      'root:x:0:0:root:/root:/bin/bash',
      `azureuser:x:${AZUREUSER_ID}:${AZUREUSER_ID}:Ubuntu:/home/azureuser:/bin/bash`,
      'sshd:x:101:65534::/run/sshd:/usr/sbin/nologin',
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    ]),
    group: lines(['root:x:0:', `azureuser:x:${AZUREUSER_ID}:`, 'nogroup:x:65534:']),
    environment: lines(
      Object.entries(trustEnvironment()).map(([name, value]) => `${name}=${value}`),
    ),
  }
}

/** Writes them into `folder`/etc, and makes the home that outlives a restart in `folder`/home. */
export function writeGuestFiles(folder: string, files: GuestFiles): void {
  mkdirSync(join(folder, 'etc'), { recursive: true, mode: 0o755 })
  mkdirSync(join(folder, 'home'), { recursive: true, mode: 0o755 })
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'etc', name)
    writeFileSync(path, text)
    chmodSync(path, 0o644)
  }
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`
}
