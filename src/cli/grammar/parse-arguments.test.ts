import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../usage-error.ts'
import type { Argument } from './argument.ts'
import { GLOBAL_OPTIONS, globalValues } from './global-options.ts'
import { invalidChoice, similarChoices } from './invalid-choice.ts'
import { parseArguments } from './parse-arguments.ts'

const KNOWN: readonly Argument[] = [
  { name: '--name', key: 'name', takes: 'one' },
  { name: '--names', key: 'names', takes: 'any' },
  { name: '--more', key: 'more', takes: 'any', isGathered: true },
  { name: '--count', key: 'count', takes: 'one', isInteger: true },
  { name: '--kind', key: 'kind', takes: 'one', choices: ['one', 'two'], alsoTakes: ['three'] },
  { name: '--maybe', key: 'maybe', takes: 'optional', constant: 'so' },
  { name: '--on', key: 'on', takes: 'flag', constant: true },
  { name: '--off', key: 'on', takes: 'flag', constant: false },
  { name: '--whole-only', key: 'whole', takes: 'flag', constant: true, isWhole: true },
  { name: '--stop', key: 'stop', takes: 'flag', constant: true, endsParsing: true },
  { name: '-x', key: 'x', takes: 'one' },
  { name: 'word', key: 'word', takes: 'one' },
  { name: 'help', key: 'help', takes: 'optional' },
]

/** The line as it is typed, blanks between the words; what came of it, or the error. */
function outcome(line: string | readonly string[], known = KNOWN): object | string {
  const args = typeof line === 'string' ? line.split(' ').filter(Boolean) : line
  try {
    const { values, rest } = parseArguments(args, known)
    return { ...Object.fromEntries(values), ...(rest.length > 0 && { rest }) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message
  }
}

describe('a command line', () => {
  const table: readonly (readonly [line: string, outcome: object | string])[] = [
    ['', {}],
    ['--name a', { name: 'a' }],
    ['--name=a', { name: 'a' }],
    ['--name=', { name: '' }],
    ['--name=a=b', { name: 'a=b' }],
    ['--name a --name b', { name: 'b' }],
    ['--name', 'argument --name: expected one argument'],
    ['--name --on', 'argument --name: expected one argument'],
    ['--name -', { name: '-' }],
    ['--name -7', { name: '-7' }],
    ['--name -.5', { name: '-.5' }],
    ['--name -7a', 'argument --name: expected one argument'],
    ['--names', { names: [] }],
    ['--names a b', { names: ['a', 'b'] }],
    ['--names a --names b c', { names: ['b', 'c'] }],
    ['--names a b --on', { names: ['a', 'b'], on: true }],
    ['--names=a b', { names: ['a'], word: 'b' }],
    ['--more a b --on --more c', { more: ['a', 'b', 'c'], on: true }],
    ['--count 12', { count: 12 }],
    ['--count 1_000', { count: 1000 }],
    ['--count 1.5', "argument --count: invalid int value: '1.5'"],
    ['--kind two', { kind: 'two' }],
    ['--kind three', { kind: 'three' }],
    ['--maybe', { maybe: 'so' }],
    ['--maybe a', { maybe: 'a' }],
    ['--maybe a b', { maybe: 'a', word: 'b' }],
    ['--maybe --on', { maybe: 'so', on: true }],
    ['--on --off', { on: false }],
    ['--off --on', { on: true }],
    ['--on=1', "argument --on: ignored explicit argument '1'"],
    // Any part of the beginning of one option alone names it.
    ['--cou 3', { count: 3 }],
    ['--cou=3', { count: 3 }],
    ['--na a', 'ambiguous option: --na could match --name, --names'],
    ['--na=a', 'ambiguous option: --na=a could match --name, --names'],
    ['--o', 'ambiguous option: --o could match --on, --off'],
    ['--whole-only', { whole: true }],
    ['--whole', { rest: ['--whole'] }],
    ['-x a', { x: 'a' }],
    ['-y', { rest: ['-y'] }],
    ['--unknown a --on', { on: true, word: 'a', rest: ['--unknown'] }],
    ['--unknown=a --name b', { name: 'b', rest: ['--unknown=a'] }],
    ['a', { word: 'a' }],
    ['a b', { word: 'a', rest: ['b'] }],
    ['a b c', { word: 'a', rest: ['b', 'c'] }],
    ['a b c --on d', { word: 'a', help: 'b', on: true, rest: ['c', 'd'] }],
    ['a --on b', { word: 'a', on: true, help: 'b' }],
    ['--on a', { on: true, word: 'a' }],
    ['-- --on', { word: '--on' }],
    ['a -- --on', { word: 'a', rest: ['--on'] }],
    ['--names a -- b', { names: ['a'], word: 'b' }],
    ['--name -- a', 'argument --name: expected one argument'],
    ['--stop --name', { stop: true }],
    ['--name a --stop --kind none', { name: 'a', stop: true }],
  ]
  for (const [line, expected] of table)
    it(`${line === '' ? 'of nothing' : line} is ${typeof expected === 'string' ? `refused: ${expected}` : JSON.stringify(expected)}`, () =>
      assert.deepEqual(outcome(line), expected))

  it('has a word with a blank in it that begins like an option for a plain one', () => {
    assert.deepEqual(outcome(['--name', '-a b']), { name: '-a b' })
    assert.deepEqual(outcome(['--name', '--no such']), { name: '--no such' })
  })

  it('of a wrong choice tells all there are', () => {
    const found = outcome('--kind four')
    assert.ok(typeof found === 'string')
    assert.match(found, /^argument --kind: Invalid choice, valid choices are:\n/)
  })

  it('has what it must have, unless something lifts that', () => {
    const known: readonly Argument[] = [
      { name: '--a', key: 'a', takes: 'one', isRequired: true },
      { name: '--b', key: 'b', takes: 'one', isRequired: true },
      { name: '--c', key: 'c', takes: 'one' },
      { name: '--help', key: 'help', takes: 'flag', constant: true, liftsRequirements: true },
    ]
    assert.equal(outcome('--c 1', known), 'the following arguments are required: --a, --b')
    assert.equal(outcome('--b 1', known), 'the following arguments are required: --a')
    assert.deepEqual(outcome('--a 1 --b 2', known), { a: '1', b: '2' })
    assert.deepEqual(outcome('--help', known), { help: true })
  })
})

describe('a wrong choice', () => {
  it('is shown with all there are, two to a line, and with those that come near it', () => {
    const choices = ['create-bucket', 'delete-bucket', 'get-buckets']
    assert.equal(
      invalidChoice('create-buckt', choices),
      [
        'Invalid choice, valid choices are:\n',
        `${'create-bucket'.padEnd(40)} | ${'delete-bucket'.padEnd(40)}`,
        'get-buckets'.padEnd(40),
        "\n\nInvalid choice: 'create-buckt', maybe you meant:\n",
        '  * create-bucket',
      ].join('\n'),
    )
    assert.equal(invalidChoice('x', ['one']), `Invalid choice, valid choices are:\n\n${'one'.padEnd(40)}`)
  })

  it('is near what shares four fifths of its characters in blocks, the nearest first, three at most', () => {
    assert.deepEqual(
      similarChoices('abcde', ['abcde', 'abcdx', 'abcxx', 'abxde', 'xabcde', 'abcd', 'edcba']),
      ['abcde', 'xabcde', 'abcd'],
    )
    assert.deepEqual(similarChoices('abcde', ['abcdx', 'abxde']), ['abxde', 'abcdx'])
    assert.deepEqual(similarChoices('abcd', ['abcx', 'xbcd', 'dabc']), [])
    assert.deepEqual(similarChoices('abcdefghij', ['abcdXfghij', 'abcdefgh', 'bcdefghi', 'xyz']), [
      'abcdXfghij',
      'bcdefghi',
      'abcdefgh',
    ])
    assert.deepEqual(similarChoices('put-item', ['item-put', 'put-items', 'get-item']), ['put-items'])
    assert.deepEqual(similarChoices('a', ['b']), [])
  })
})

describe('the global options', () => {
  const typed = (line: string) =>
    globalValues(parseArguments(line.split(' ').filter(Boolean), GLOBAL_OPTIONS).values)
  const plain = {
    ...{ isDebug: false, isTlsVerified: true, isPaginated: true, color: 'auto', isSigned: true },
    ...{ endpointUrl: undefined, output: undefined, query: undefined, profile: undefined },
    ...{ region: undefined, caBundle: undefined, readTimeout: undefined, connectTimeout: undefined },
  }
  const table: readonly (readonly [line: string, values: object])[] = [
    ['', {}],
    ['--debug', { isDebug: true }],
    ['--endpoint-url http://a', { endpointUrl: 'http://a' }],
    ['--no-verify-ssl', { isTlsVerified: false }],
    ['--no-paginate', { isPaginated: false }],
    ['--output json', { output: 'json' }],
    ['--output text', { output: 'text' }],
    ['--output table', { output: 'table' }],
    ['--output yaml', { output: 'yaml' }],
    ['--output yaml-stream', { output: 'yaml-stream' }],
    ['--output off', { output: 'off' }],
    ['--query a', { query: 'a' }],
    ['--profile a', { profile: 'a' }],
    ['--region a', { region: 'a' }],
    ['--color on', { color: 'on' }],
    ['--color off', { color: 'off' }],
    ['--color auto', {}],
    ['--no-sign-request', { isSigned: false }],
    ['--ca-bundle a', { caBundle: 'a' }],
    ['--cli-read-timeout 7', { readTimeout: '7' }],
    ['--cli-connect-timeout 7', { connectTimeout: '7' }],
    ['--v2-debug', {}],
    ['--no-cli-pager --cli-auto-prompt --no-cli-auto-prompt --cli-binary-format base64', {}],
    ['--cli-binary-format raw-in-base64-out', {}],
    // Those of version 2 make no beginning of another one ambiguous.
    ['--cli-r 7', { readTimeout: '7' }],
    ['--ver --no-such', {}],
  ]
  for (const [line, values] of table)
    it(`${line === '' ? 'of nothing' : line} give ${JSON.stringify(values)}`, () =>
      assert.deepEqual(typed(line), { ...plain, ...values }))

  it('refuse what they do not have', () => {
    for (const line of ['--output xml', '--color red', '--cli-binary-format hex', '--no-v=1'])
      assert.equal(typeof outcome(line, GLOBAL_OPTIONS), 'string', line)
    assert.deepEqual(outcome('--no-cli-p', GLOBAL_OPTIONS), { rest: ['--no-cli-p'] })
  })
})
