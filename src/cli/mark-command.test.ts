import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { markCommand } from './mark-command.ts'

describe('the border between our words and those of a command', () => {
  const rows: [typed: string, marked: string][] = [
    ['exec vm1 -- ls -l', 'exec vm1 -- ls -l'],
    ['exec vm1 ls -l', 'exec vm1 -- ls -l'],
    ['exec --root vm1 ls --root', 'exec --root vm1 -- ls --root'],
    ['exec vm1 --root ls', 'exec vm1 --root -- ls'],
    ['exec --data /d vm1 ls', 'exec --data /d vm1 -- ls'],
    ['exec --data=/d vm1 ls', 'exec --data=/d vm1 -- ls'],
    ['exec vm1', 'exec vm1'],
    ['shell az login --identity', 'shell -- az login --identity'],
    ['shell --data /d', 'shell --data /d'],
    ['exec vm1 sh -- -c', 'exec vm1 -- sh -- -c'],
    ['status --json', 'status --json'],
  ]
  for (const [typed, marked] of rows) {
    it(`${typed}`, () => assert.equal(markCommand(typed.split(' ')).join(' '), marked))
  }
})
