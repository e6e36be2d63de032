import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../base/failure.ts'
import { readFilter } from './filter.ts'

const NAMES = ['atScope', 'principalId', 'assignedTo', 'roleName']

test('reads what clients send', () => {
  const rows: readonly (readonly [string | undefined, Record<string, string>])[] = [
    [undefined, {}],
    ['', {}],
    ['atScope()', { atScope: '' }],
    [" ATSCOPE( )  AND assignedTo('4a') ", { atScope: '', assignedTo: '4a' }],
    ["principalId eq '4a'", { principalId: '4a' }],
    ['principalId eq 4a-5b', { principalId: '4a-5b' }],
    ["roleName eq 'Bob''s and Al (x)'", { roleName: "Bob's and Al (x)" }],
  ]
  for (const [text, expected] of rows) {
    assert.deepEqual(Object.fromEntries(readFilter(text, NAMES)), expected, text)
  }
})

test('refuses what it cannot read whole', () => {
  for (const text of [
    'x',
    "type eq 'CustomRole'",
    "roleName ne 'x'",
    "roleName eq 'x",
    "roleName eq 'x' or atScope()",
    "roleName eq 'x' and",
    "roleName eq 'x' and roleName eq 'y'",
    'atScope() atScope()',
    'atScope(',
  ]) {
    assert.throws(
      () => readFilter(text, NAMES),
      (reason: unknown) => reason instanceof Failure && reason.code === 'InvalidFilter',
      text,
    )
  }
})
