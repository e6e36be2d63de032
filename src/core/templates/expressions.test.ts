import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ExpressionError } from './invalid.ts'
import { FRESH, SUBSCRIPTION_ID, value } from './test-environment.ts'

const GROUP_ID = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg`

/** Expression, and what it comes to. */
const ROWS: Readonly<Record<string, readonly (readonly [expression: string, value: unknown])[]>> = {
  syntax: [
    ['plain', 'plain'],
    ['', ''],
    ['[', '['],
    ['[[not an expression]', '[not an expression]'],
    ['[not closed', '[not closed'],
    ["['text']", 'text'],
    ["['it''s']", "it's"],
    ["['']", ''],
    ['[42]', 42],
    ['[-7]', -7],
    ["[ concat( 'a' , 'b' ) ]", 'ab'],
    ["[CONCAT('a','b')]", 'ab'],
    ["[parameters('object').one]", 1],
    ["[parameters('object').ONE]", 1],
    ["[parameters('object').Two.deep[1]]", 20],
    ["[parameters('object')['two'].deep[0]]", 10],
    ["[parameters('list')[sub(parameters('count'), 1)]]", 'c'],
    ['[my.twice(21)]', 42],
    ["[variables('v')]", 'variable v'],
  ],
  strings: [
    ["[concat('a', 1, true())]", 'a1True'],
    ['[concat(createArray(1), createArray(2, 3))]', [1, 2, 3]],
    ["[format('{0}-{1}', 'a', 5)]", 'a-5'],
    ["[format('{0:D4}|{1,6}|{1,-6}|{0:X}|{{}}', 42, 'ab')]", '0042|    ab|ab    |2A|{}'],
    ["[format('{0:N0}', 1234567)]", '1,234,567'],
    ["[format('{0:000}', 7)]", '007'],
    ['[string(5)]', '5'],
    ['[string(true())]', 'True'],
    ["[string(createObject('a', createArray(1, 'b')))]", '{"a":[1,"b"]}'],
    ["[toLower('AbC')]", 'abc'],
    ["[toUpper('AbC')]", 'ABC'],
    ["[trim('  a b ')]", 'a b'],
    ["[replace('a.b.c', '.', '$&')]", 'a$&b$&c'],
    ["[split('a,b;c', ',')]", ['a', 'b;c']],
    ["[split('a,b;c', createArray(',', ';'))]", ['a', 'b', 'c']],
    ["[split('a.b', '.')]", ['a', 'b']],
    ["[join(createArray('a', 'b', 1), '-')]", 'a-b-1'],
    ["[substring('abcdef', 2)]", 'cdef'],
    ["[substring('abcdef', 2, 3)]", 'cde'],
    ["[padLeft('12', 5, '0')]", '00012'],
    ['[padLeft(12, 4)]', '  12'],
    ["[startsWith('abc', 'AB')]", true],
    ["[endsWith('abc', 'BC')]", true],
    ["[indexOf('test', 'T')]", 0],
    ["[lastIndexOf('test', 't')]", 3],
    ["[indexOf('test', 'x')]", -1],
    ["[contains('abc', 'b')]", true],
    ["[contains('abc', 'B')]", false],
    ["[length('four')]", 4],
    ["[first('One')]", 'O'],
    ["[last('One')]", 'e'],
    ["[take('abc', 2)]", 'ab'],
    ["[skip('abc', 2)]", 'c'],
    ["[empty('')]", true],
    ["[guid('a', 'b', 'c')]", 'a98fa280-e03f-5afa-8d8e-92d0a9c201e8'],
    ["[uniqueString('hello', 'world')]", 'a7wkljktk6wne'],
    ["[uniqueString('tyeth')]", 'zcztcwvu6iyg6'],
    [
      "[uniqueString('/subscriptions/00000000-0000-0000-0000-000000000000', 'resource-id')]",
      'cwvxuqg24sifi',
    ],
  ],
  'arrays and objects': [
    ["[array('a')]", ['a']],
    ['[array(createArray(1))]', [1]],
    ['[createArray()]', []],
    ["[createObject('a', 1, 'b', null())]", { a: 1, b: null }],
    ["[length(createObject('a', 1))]", 1],
    ['[empty(createArray())]', true],
    ["[empty(createObject('a', 1))]", false],
    ['[empty(null())]', true],
    ['[first(createArray(7, 8))]', 7],
    ['[last(createArray(7, 8))]', 8],
    ['[first(createArray())]', null],
    ['[take(createArray(1, 2, 3), 2)]', [1, 2]],
    ['[skip(createArray(1, 2, 3), 2)]', [3]],
    ["[contains(createArray('a', 1), 1)]", true],
    ["[contains(createObject('Key', 1), 'key')]", true],
    ["[indexOf(createArray('a', 'b', 'a'), 'a')]", 0],
    ["[lastIndexOf(createArray('a', 'b', 'a'), 'a')]", 2],
    ['[indexFromEnd(createArray(1, 2, 3), 1)]', 3],
    ['[tryIndexFromEnd(createArray(1), 4)]', null],
    ['[range(5, 3)]', [5, 6, 7]],
    ['[range(0, 0)]', []],
    ['[flatten(createArray(createArray(1), createArray(2, 3)))]', [1, 2, 3]],
    ['[union(createArray(1, 2), createArray(2, 3))]', [1, 2, 3]],
    [
      `[union(json('{"a":1,"b":{"x":1}}'), json('{"b":{"y":2},"c":3}'))]`,
      { a: 1, b: { x: 1, y: 2 }, c: 3 },
    ],
    ['[intersection(createArray(1, 2, 3), createArray(3, 2))]', [2, 3]],
    [`[intersection(json('{"a":1,"b":2}'), json('{"a":1,"b":3}'))]`, { a: 1 }],
    [`[shallowMerge(createArray(json('{"a":{"x":1}}'), json('{"a":{"y":2}}')))]`, { a: { y: 2 } }],
    [
      `[items(json('{"b":2,"a":1}'))]`,
      [
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
    ],
    [`[objectKeys(json('{"b":2,"a":1}'))]`, ['a', 'b']],
    ["[coalesce(null(), parameters('nothing'), 'x')]", 'x'],
    ["[tryGet(parameters('object'), 'Two', 'deep', 1)]", 20],
    ["[tryGet(parameters('object'), 'none', 'deep')]", null],
    ["[tryGet(null(), 'a')]", null],
  ],
  numbers: [
    ['[add(5, 3)]', 8],
    ['[sub(5, 8)]', -3],
    ['[mul(5, -3)]', -15],
    ['[div(8, 3)]', 2],
    ['[div(-8, 3)]', -2],
    ['[mod(7, 3)]', 1],
    ['[min(3, 1, 2)]', 1],
    ['[max(createArray(3, 1, 4))]', 4],
    ["[int('4')]", 4],
    ['[float(3)]', 3],
    ["[float('2.5')]", 2.5],
  ],
  'comparison and logic': [
    ["[equals('a', 'A')]", false],
    ["[equals(createArray(1, 'b'), createArray(1, 'b'))]", true],
    [`[equals(json('{"a":1,"b":2}'), json('{"b":2,"a":1}'))]`, true],
    ["[equals(1, '1')]", false],
    ['[less(1, 2)]', true],
    ["[lessOrEquals('a', 'a')]", true],
    ["[greater('b', 'a')]", true],
    ['[greaterOrEquals(1, 2)]', false],
    ['[not(false())]', true],
    ['[xor(true(), false())]', true],
    ['[and(true(), true(), false())]', false],
    ["[or(false(), true(), bool('rubbish'))]", true],
    ["[and(false(), bool('rubbish'))]", false],
    ['[if(true(), 1, div(1, 0))]', 1],
    ['[if(equals(1, 2), div(1, 0), 2)]', 2],
    ["[bool('true')]", true],
    ['[bool(0)]', false],
    ["[bool('1')]", true],
  ],
  encoding: [
    ["[base64('one, two')]", 'b25lLCB0d28='],
    ["[base64ToString('b25lLCB0d28=')]", 'one, two'],
    [`[base64ToJson(base64('{"a":1}')).a]`, 1],
    ["[dataUri('Hello')]", 'data:text/plain;charset=utf8;base64,SGVsbG8='],
    ["[dataUriToString('data:;base64,SGVsbG8=')]", 'Hello'],
    ["[uri('http://contoso.org/firstpath', 'myscript.sh')]", 'http://contoso.org/myscript.sh'],
    [
      "[uri('http://contoso.org/firstpath/', 'myscript.sh')]",
      'http://contoso.org/firstpath/myscript.sh',
    ],
    ["[uriComponent('a b/c?d')]", 'a%20b%2Fc%3Fd'],
    ["[uriComponentToString('a%20b')]", 'a b'],
    [`[json('[1,"a",null]')]`, [1, 'a', null]],
    ["[json('null')]", null],
  ],
  dates: [
    ["[dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y')]", '2023-04-07 14:53:14Z'],
    ["[dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')]", '2020-03-29 14:53:14Z'],
    ["[dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H')]", '2020-04-07 15:53:14Z'],
    ["[dateTimeAdd('2020-01-31T00:00:00Z', 'P1M')]", '2020-02-29T00:00:00Z'],
    ["[dateTimeAdd('20200407T145314Z', 'P1Y2M3DT4H5M6S')]", '20210610T185820Z'],
    ["[dateTimeAdd('2020-04-07', 'P1D', 'yyyy/MM/dd')]", '2020/04/08'],
    ["[dateTimeAdd('2020-04-07T12:00:00+02:00', 'PT0S', 'o')]", '2020-04-07T10:00:00.0000000Z'],
    ['[dateTimeFromEpoch(1683040573)]', '2023-05-02T15:16:13Z'],
    ["[dateTimeToEpoch('2023-05-02T15:16:13Z')]", 1683040573],
  ],
  zones: [
    ["[toPhysicalZone('s', 'West Europe', '2')]", 'westeurope-az2'],
    ["[toPhysicalZones('s', 'westeurope', createArray('1', '4'))]", ['westeurope-az1', '']],
    ["[toLogicalZone('s', 'westeurope', 'westeurope-az3')]", '3'],
    ["[toLogicalZones('s', 'westeurope', createArray('eastus-az1'))]", ['']],
    ["[pickZones('Microsoft.Compute', 'virtualMachines', 'westeurope')]", ['1']],
    ["[pickZones('Microsoft.Compute', 'virtualMachines', 'westeurope', 2, 1)]", ['2', '3']],
  ],
  cidr: [
    [
      "[parseCidr('10.144.0.0/20')]",
      {
        network: '10.144.0.0',
        netmask: '255.255.240.0',
        broadcast: '10.144.15.255',
        firstUsable: '10.144.0.1',
        lastUsable: '10.144.15.254',
        cidr: 20,
      },
    ],
    ["[cidrSubnet('10.144.0.0/20', 24, 0)]", '10.144.0.0/24'],
    ["[cidrSubnet('10.144.0.0/20', 24, 5)]", '10.144.5.0/24'],
    ["[cidrHost('10.144.3.0/24', 0)]", '10.144.3.1'],
    ["[cidrHost('10.144.3.0/24', 4)]", '10.144.3.5'],
    ["[cidrSubnet('fdad:3236:5555::/48', 64, 1)]", 'fdad:3236:5555:1::/64'],
  ],
  lambdas: [
    ["[map(range(0, 3), lambda('i', mul(lambdaVariables('i'), 2)))]", [0, 2, 4]],
    [
      "[map(parameters('list'), lambda('x', 'i', format('{0}{1}', lambdaVariables('i'), lambdaVariables('x'))))]",
      ['0a', '1b', '2c'],
    ],
    ["[filter(range(0, 6), lambda('i', equals(mod(lambdaVariables('i'), 2), 0)))]", [0, 2, 4]],
    [
      "[sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))]",
      [1, 2, 3],
    ],
    [
      "[reduce(range(1, 4), 0, lambda('a', 'b', add(lambdaVariables('a'), lambdaVariables('b'))))]",
      10,
    ],
    [
      "[toObject(parameters('list'), lambda('x', lambdaVariables('x')), lambda('x', toUpper(lambdaVariables('x'))))]",
      { a: 'A', b: 'B', c: 'C' },
    ],
    [
      "[groupBy(createArray('ab', 'ac', 'b'), lambda('x', first(lambdaVariables('x'))))]",
      { a: ['ab', 'ac'], b: ['b'] },
    ],
    [`[mapValues(json('{"a":1}'), lambda('v', add(lambdaVariables('v'), 1)))]`, { a: 2 }],
    [
      "[map(range(0, 2), lambda('i', map(range(0, 2), lambda('j', add(lambdaVariables('i'), lambdaVariables('j'))))))]",
      [
        [0, 1],
        [1, 2],
      ],
    ],
  ],
  scopes: [
    ['[resourceGroup().location]', 'westeurope'],
    ['[subscription().subscriptionId]', SUBSCRIPTION_ID],
    ['[tenant().tenantId]', '99999999-2222-3333-4444-555555555555'],
    ['[deployment().name]', 'dep'],
    ['[deployer().objectId]', 'me'],
    ['[environment().suffixes.keyvaultDns]', '.vault.azure.net'],
    [
      "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')]",
      `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
    ],
    [
      "[resourceId('other', 'Microsoft.Compute/virtualMachines', 'vm')]",
      `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/other/providers/Microsoft.Compute/virtualMachines/vm`,
    ],
    [
      "[resourceId('00000000-0000-0000-0000-000000000001', 'other', 'Microsoft.A/b', 'c')]",
      '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/other/providers/Microsoft.A/b/c',
    ],
    [
      "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')]",
      `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/r`,
    ],
    ["[tenantResourceId('Microsoft.A/b', 'c')]", '/providers/Microsoft.A/b/c'],
    [
      "[managementGroupResourceId('mg', 'Microsoft.A/b', 'c')]",
      '/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.A/b/c',
    ],
    [
      "[extensionResourceId(resourceId('Microsoft.A/b', 'c'), 'Microsoft.D/e', 'f')]",
      `${GROUP_ID}/providers/Microsoft.A/b/c/providers/Microsoft.D/e/f`,
    ],
  ],
}

describe('expressions', () => {
  for (const [family, rows] of Object.entries(ROWS)) {
    describe(family, () => {
      for (const [expression, expected] of rows) {
        it(`${expression} is ${JSON.stringify(expected)}`, () => {
          assert.deepEqual(value(expression), expected)
        })
      }
    })
  }

  it('make what is new only where parameters get their defaults', () => {
    assert.equal(value('[newGuid()]', { fresh: FRESH }), '00000000-0000-4000-8000-000000000000')
    assert.equal(value('[utcNow()]', { fresh: FRESH }), '20260115T093005Z')
    assert.equal(value("[utcNow('u')]", { fresh: FRESH }), '2026-01-15 09:30:05Z')
    assert.equal(value("[utcNow('d MMM yyyy h:mm tt')]", { fresh: FRESH }), '15 Jan 2026 9:30 AM')
    for (const name of ['newGuid', 'utcNow']) {
      assert.throws(() => value(`[${name}()]`), /is not expected at this location/)
    }
  })

  it('count the turns of loops', () => {
    const copyIndex = (loop: string | undefined) => (loop === 'other' ? 7 : 2)
    assert.equal(value('[copyIndex()]', { copyIndex }), 2)
    assert.equal(value('[copyIndex(1)]', { copyIndex }), 3)
    assert.equal(value("[copyIndex('other', 10)]", { copyIndex }), 17)
    assert.throws(() => value('[copyIndex()]'), /can only be used in a resource with copy/)
  })
})

/** Expression, and what its refusal says. */
const REFUSED: readonly (readonly [expression: string, says: RegExp])[] = [
  ["[concat('a']", /expected token 'RightParenthesis' and actual 'EndOfData'/],
  ['[concat]', /expected token 'LeftParenthesis' and actual 'EndOfData'/],
  ["[concat('a') 'b']", /expected token 'EndOfData'/],
  ["[concat('a]", /unexpected '''/],
  ['[]', /expected token 'Identifier' and actual 'EndOfData'/],
  ['[1 + 2]', /unexpected '\+'/],
  ["[nope('a')]", /The template function 'nope' is not valid/],
  ["[other.nope('a')]", /The template function 'other.nope' is not valid/],
  ['[add(1)]', /'add' expects 2 argument\(s\), and 1 were given/],
  ["[add(1, 'a')]", /expected to be of type 'Integer', and is of type 'String'/],
  ['[div(1, 0)]', /the divisor must not be zero/],
  ["[int('x')]", /cannot be converted to an integer/],
  ["[parameters('none')]", /The template parameter 'none' is not found/],
  [
    "[parameters('object').none]",
    /property 'none' doesn't exist, available properties are 'one, Two'/,
  ],
  ["[parameters('list')[9]]", /array index '9' is out of bounds/],
  ["[parameters('name').x]", /property 'x' can't be evaluated, property type is 'String'/],
  ["[substring('abc', 2, 5)]", /must refer to a location within the string/],
  ["[json('{')]", /not valid JSON/],
  ["[base64ToString('***')]", /not a base64 string/],
  ["[if('x', 1, 2)]", /type 'Boolean'/],
  ['[range(0, 99999)]', /the count of a range must be/],
  ["[parseCidr('10.0.0.0')]", /not an address range/],
  ["[cidrSubnet('10.0.0.0/24', 26, 9)]", /has no subnet/],
  ["[dateTimeAdd('2020-01-01', '1D')]", /not a duration/],
  ["[dateTimeAdd('soon', 'P1D')]", /not a date/],
  ["[map(range(0, 1), 'x')]", /type 'Lambda'/],
  ["[map(range(0, 1), lambda('a', 'b', 'c', 1))]", /must have 1 or 2 parameter/],
  ["[lambda('a', 1)]", /ends in a lambda/],
  ["[fail('because')]", /because/],
  ['[managementGroup().id]', /cannot be used in a deployment at the scope 'resource group'/],
  ["[resourceId('nothing', 'x')]", /the resource type must be given with its namespace/],
  ["[resourceId('Microsoft.A/b', 'c', 'd')]", /incorrect segment lengths/],
  ['[my.twice()]', /'my.twice' expects 1 argument/],
  ["[createObject('a')]", /a value is missing/],
]

describe('expressions that mean nothing', () => {
  for (const [expression, says] of REFUSED) {
    it(`${expression} is refused`, () => {
      assert.throws(
        () => value(expression),
        (reason) => reason instanceof ExpressionError && says.test(reason.message),
      )
    })
  }

  it('are only so long', () => {
    const long = `['${'x'.repeat(24_576)}']`
    assert.throws(() => value(long), /length limit exceeded. Limit: '24576' and actual: '24580'/)
  })

  it('nest only so deep', () => {
    const deep = `[${'not('.repeat(500)}true()${')'.repeat(500)}]`
    assert.throws(() => value(deep), /nests too deeply/)
  })
})
