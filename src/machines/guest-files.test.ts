import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guestFiles } from './guest-files.ts'

const files = guestFiles('vm1')

test('the machine knows itself and localhost, and asks Azure’s resolver for the rest', () => {
  assert.equal(files.hosts, '127.0.0.1 localhost\n127.0.1.1 vm1\n::1 localhost\n')
  assert.equal(files.hostname, 'vm1\n')
  assert.match(files['resolv.conf'] ?? '', /^nameserver 168\.63\.129\.16$/m)
})

test('names are looked up in files and by DNS, never by a daemon of the host', () => {
  assert.match(files['nsswitch.conf'] ?? '', /^hosts: files dns$/m)
})

test('there is no tty group: giving a terminal to it would fail, and with it every login', () => {
  assert.doesNotMatch(files.group ?? '', /^tty:/m)
})

test('azureuser is 1000', () => {
  assert.match(files.passwd ?? '', /^azureuser:x:1000:1000:/m)
})
