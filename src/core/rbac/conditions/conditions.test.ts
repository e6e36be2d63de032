import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../../base/clock.ts'
import { Failure } from '../../../base/failure.ts'
import { actionKey } from '../permissions.ts'
import { checkCondition, conditionHolds } from './conditions.ts'
import type { Attributes } from './evaluate.ts'

const NOW = Date.parse('2026-01-15T09:30:00.000Z') as Instant
const READ = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'

function holds(condition: string, attributes: Attributes = {}, action = READ): boolean {
  return conditionHolds(condition, { action: actionKey(action), now: NOW, attributes })
}

test('values on both sides: the documented examples', () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}", true],
    ["{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}", false],
    ["{'red', 'blue'} ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}", true],
    ["{'red', 'blue'} ForAllOfAnyValues:StringEquals {'red', 'green'}", false],
    ['{10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}', true],
    ['{10, 20} ForAllOfAllValues:NumericLessThan {5, 15, 18}', false],
    ['{10, 20} ForAllOfAllValues:NumericLessThan {25, 30}', true],
    ['{10, 20} ForAllOfAllValues:NumericLessThan {15, 25, 30}', false],
  ]
  for (const [condition, expected] of rows) assert.equal(holds(condition), expected, condition)
})

test('each scalar operator, on an attribute', () => {
  const rows: readonly (readonly [string, string | number | boolean, boolean])[] = [
    ["StringEquals 'abc'", 'abc', true],
    ["StringEquals 'abc'", 'ABC', false],
    ["StringEqualsIgnoreCase 'abc'", 'ABC', true],
    ["StringNotEquals 'abc'", 'abd', true],
    ["StringNotEqualsIgnoreCase 'abc'", 'ABC', false],
    ["StringStartsWith 'ab'", 'abc', true],
    ["StringStartsWith 'AB'", 'abc', false],
    ["StringStartsWithIgnoreCase 'AB'", 'abc', true],
    ["StringNotStartsWith 'ab'", 'abc', false],
    ["StringNotStartsWithIgnoreCase 'x'", 'abc', true],
    ["StringLike 'a*c?'", 'abcd', true],
    ["StringLike 'A*C?'", 'abcd', false],
    ["StringLike 'a*c'", 'abcd', false],
    ["StringLikeIgnoreCase 'A*C?'", 'abcd', true],
    ["StringLike 'a\\*c'", 'abc', false],
    ["StringLike 'a\\*c'", 'a*c', true],
    ["StringLike 'readonly/*'", 'readonly/a/b', true],
    ["StringNotLike 'a*'", 'bcd', true],
    ["StringNotLikeIgnoreCase 'B*'", 'bcd', false],
    ["StringEquals 'it\\'s'", "it's", true],
    ['NumericEquals 7', 7, true],
    ['NumericNotEquals 7', 8, true],
    ['NumericLessThan 7', 7, false],
    ['NumericLessThanEquals 7', 7, true],
    ['NumericGreaterThan -7', 0, true],
    ['NumericGreaterThanEquals 7', 6, false],
    ['BoolEquals true', true, true],
    ['boolequals TRUE', 'true', true],
    ['BoolNotEquals true', false, true],
    ['GuidEquals 4633458b-17de-408a-b874-0445c86b69e6', '4633458B17DE408AB8740445C86B69E6', true],
    ['GuidNotEquals 4633458b17de408ab8740445c86b69e6', '{x}', false],
    ["DateTimeEquals '2026-01-15T09:30:00Z'", '2026-01-15T10:30:00+01:00', true],
    ["DateTimeNotEquals '2026-01-15'", '2026-01-15T00:00:00', false],
    ["DateTimeLessThan '2026-01-15T09:30:00.0Z'", '2026-01-15T09:29:59Z', true],
    ["DateTimeLessThanEquals '2026-01-15T09:30:00Z'", '2026-01-15T09:30:00Z', true],
    ["DateTimeGreaterThan '2026-01-15T09:30:00Z'", 'yesterday', false],
    ["DateTimeGreaterThanEquals '2026-01-15T09:30:00Z'", '2026-01-15T09:30:00Z', true],
    ['NumericEquals 7', 'seven', false],
    ["StringNotEquals '7'", 7, false],
  ]
  for (const [comparison, value, expected] of rows) {
    const attributes = { resource: { 'X/y:name': value } }
    assert.equal(holds(`@Resource[x/y:Name] ${comparison}`, attributes), expected, comparison)
  }
})

test('a comparison with a missing attribute is false, whatever the operator', () => {
  assert.equal(holds("@Resource[a:b] StringNotEquals 'x'"), false)
  assert.equal(holds("@Resource[a:b] ForAllOfAllValues:StringNotEquals {'x'}"), false)
  assert.equal(holds('@Resource[a:b] BoolEquals false'), false)
  assert.equal(holds('Exists @Resource[a:b]'), false)
  assert.equal(holds('NOT Exists @Resource[a:b]'), true)
  assert.equal(holds('Exists @Request[a:b]', { request: { 'a:b': '' } }), true)
})

test('attributes of all four sources, and of both sides', () => {
  const attributes: Attributes = {
    resource: { 'Microsoft.Storage/storageAccounts:name': 'one' },
    request: { 'a:prefix': 'one' },
    principal: { 'Microsoft.Directory/CustomSecurityAttributes/Id:P_project': ['one', 'two'] },
    environment: { isPrivateLink: true },
  }
  const project = '@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:P_project]'
  const name = '@Resource[Microsoft.Storage/storageAccounts:name]'
  assert.equal(holds(`${name} StringEquals @Request[a:prefix]`, attributes), true)
  assert.equal(holds(`${project} ForAnyOfAnyValues:StringEquals ${name}`, attributes), true)
  assert.equal(holds(`${project} ForAllOfAnyValues:StringEquals ${name}`, attributes), false)
  assert.equal(holds(`${project} StringEquals 'one'`, attributes), false)
  assert.equal(holds('@Environment[isPrivateLink] BoolEquals true', attributes), true)
  assert.equal(holds("@Environment[UtcNow] DateTimeLessThan '2026-01-15T09:30:01Z'"), true)
  assert.equal(holds("@Environment[UtcNow] DateTimeGreaterThan '2026-01-15T09:30:01Z'"), false)
})

test('tag keys marked case-sensitive keep their case; other names do not', () => {
  const tags = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags'
  const attributes = { resource: { [`${tags}:Project<$key_case_sensitive$>`]: 'Cascade' } }
  const asked = (key: string) =>
    holds(`@Resource[${tags.toUpperCase()}:${key}] StringEquals 'Cascade'`, attributes)
  assert.equal(asked('Project<$key_case_sensitive$>'), true)
  assert.equal(asked('project<$key_case_sensitive$>'), false)
})

test('an action that the condition does not name is not constrained by it', () => {
  const condition =
    `((!(ActionMatches{'${READ}'} AND NOT SubOperationMatches{'Blob.List'})) OR (` +
    '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] ' +
    "StringEquals 'c1' AND @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/" +
    "blobs:path] StringLike 'readonly/*'))"
  const blob = (container: string, path: string, subOperation?: string): Attributes => ({
    resource: {
      'Microsoft.Storage/storageAccounts/blobServices/containers:name': container,
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path': path,
    },
    ...(subOperation === undefined ? {} : { subOperation }),
  })
  assert.equal(holds(condition, blob('c1', 'readonly/x')), true)
  assert.equal(holds(condition, blob('c1', 'private/x')), false)
  assert.equal(holds(condition, blob('c2', 'readonly/x')), false)
  assert.equal(holds(condition, blob('c2', '', 'blob.list')), true)
  assert.equal(holds(condition, {}, READ.replace('read', 'write')), true)
})

test('a delegated administrator may grant only the roles that the condition lists', () => {
  const secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
  const condition =
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR " +
    '((@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ' +
    `ForAnyOfAnyValues:GuidEquals{${secretsUser}, b86a8fe4-44ce-4948-aee5-eccb2c155cd7}) AND ` +
    '(@Request[Microsoft.Authorization/roleAssignments:PrincipalType] ' +
    "StringEqualsIgnoreCase 'ServicePrincipal')))"
  const granting = (role: string, type: string) =>
    holds(
      condition,
      {
        request: {
          'Microsoft.Authorization/roleAssignments:RoleDefinitionId': role,
          'Microsoft.Authorization/roleAssignments:PrincipalType': type,
        },
      },
      'Microsoft.Authorization/roleAssignments/write',
    )
  assert.equal(granting(secretsUser, 'serviceprincipal'), true)
  assert.equal(granting(secretsUser, 'User'), false)
  assert.equal(granting('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'ServicePrincipal'), false)
})

test('both spellings of the connectives; NOT binds tighter', () => {
  assert.equal(holds('1 NumericEquals 1 && !(1 NumericEquals 2)'), true)
  assert.equal(holds('1 NumericEquals 2 || not 1 NumericEquals 2'), true)
  assert.equal(holds('1 NumericEquals 1 and 2 NumericEquals 2 AND 3 NumericEquals 4'), false)
  assert.equal(holds('(1 NumericEquals 2 AND 1 NumericEquals 1) OR 3 NumericEquals 3'), true)
})

const REFUSED: readonly (readonly [condition: string, why: string])[] = [
  ['', 'Expected an attribute or a value, found the end.'],
  [
    '1 NumericEquals 1 AND 1 NumericEquals 1 OR 1 NumericEquals 2',
    'AND and OR side by side need parentheses.',
  ],
  ['(1 NumericEquals 1', "Expected ')', found the end."],
  ['1 NumericEquals 1)', "Expected the end, found ')'."],
  ['1 NumericEqual 1', "Unknown operator 'numericequal'."],
  ['1 ForSomeOfAnyValues:NumericEquals 1', "Unknown operator 'forsomeofanyvalues:numericequals'."],
  ['{1} NumericEquals 1', 'NumericEquals compares single values, not sets.'],
  ["1 NumericEquals 'x'", "'x' is no value for NumericEquals."],
  ["'a' StringEquals b", "'b' is no value for StringEquals."],
  ['@Nowhere[a:b] BoolEquals true', "Unknown attribute source '@Nowhere'."],
  ["'a' StringEquals 'b", "Unexpected character ''' at position 17."],
  ['ActionMatches{read}', 'Expected texts in single quotes.'],
  ["Exists 'x'", 'Expected an attribute after Exists.'],
  [`${'('.repeat(200)}1 NumericEquals 1${')'.repeat(200)}`, 'It is nested too deeply.'],
  [`${'!'.repeat(5000)}1 NumericEquals 1`, 'It is nested too deeply.'],
  [`'${'a'.repeat(9000)}' StringEquals 'a'`, 'It is longer than 8192 characters.'],
]

for (const [condition, why] of REFUSED) {
  test(`refuses ${condition.slice(0, 60)}`, () => {
    assert.throws(
      () => checkCondition(condition),
      (refusal: unknown) =>
        refusal instanceof Failure &&
        refusal.fault === 'invalid' &&
        refusal.code === 'InvalidCondition' &&
        refusal.message === `The given role assignment condition is invalid. ${why}`,
    )
  })
}

test('a like pattern of many stars is not slow', () => {
  assert.equal(
    holds(`@Resource[a:b] StringLike '${'*a'.repeat(1000)}b'`, {
      resource: { 'a:b': 'a'.repeat(2000) },
    }),
    false,
  )
})
