import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CONDITION_OPERATORS } from './condition-operators.ts'

/** Operator, a policy's values, values of a request for which it holds, and values for which it does not. */
type Row = readonly [
  operator: string,
  expected: readonly string[],
  holds: readonly string[],
  fails: readonly string[],
]

const ROWS: readonly Row[] = [
  ['StringEquals', ['a', 'b'], ['a', 'b'], ['A', 'ab', '']],
  ['StringEqualsIgnoreCase', ['Ab'], ['ab', 'AB'], ['a', 'abc']],
  ['StringLike', ['a*', '?b'], ['a', 'abc', 'xb'], ['b', 'xxb', 'A']],
  ['NumericEquals', ['10'], ['10', '10.0', '1e1'], ['11', '', 'ten']],
  ['NumericLessThan', ['10'], ['9.99', '-1'], ['10', '11', '', 'x']],
  ['NumericLessThanEquals', ['10'], ['10', '9'], ['10.01', '']],
  ['NumericGreaterThan', ['10'], ['11', '10.01'], ['10', '9', '']],
  ['NumericGreaterThanEquals', ['10'], ['10', '11'], ['9.99', '']],
  [
    'DateEquals',
    ['2026-05-17T00:00:00Z'],
    ['2026-05-17T00:00:00.000Z', '1778976000'],
    ['2026-05-17T00:00:01Z', 'x'],
  ],
  [
    'DateLessThan',
    ['2026-05-17T00:00:00Z'],
    ['2026-05-16T23:59:59Z', '1778975999'],
    ['2026-05-17T00:00:00Z', ''],
  ],
  ['DateLessThanEquals', ['1778976000'], ['2026-05-17T00:00:00Z'], ['2026-05-17T00:00:01Z']],
  ['DateGreaterThan', ['2026-05-17T00:00:00Z'], ['2026-05-17T00:00:01Z'], ['2026-05-17T00:00:00Z', 'x']],
  ['DateGreaterThanEquals', ['2026-05-17T00:00:00Z'], ['2026-05-17T00:00:00Z'], ['2026-05-16T23:59:59Z']],
  ['Bool', ['TRUE'], ['true'], ['false', '']],
  [
    'IpAddress',
    ['192.0.2.0/24'],
    ['192.0.2.0', '192.0.2.255', '::ffff:192.0.2.7'],
    ['192.0.3.0', '::c000:207', '2001:db8::1', 'x'],
  ],
  ['IpAddress', ['192.0.2.7'], ['192.0.2.7'], ['192.0.2.6', '192.0.2.8']],
  [
    'IpAddress',
    ['2001:db8::/32'],
    ['2001:db8::', '2001:db8:ffff::1', '2001:DB8::1'],
    ['2001:db9::', '2001:db7:ffff::', '192.0.2.7'],
  ],
  ['IpAddress', ['2001:db8::1'], ['2001:db8::1', '2001:db8:0:0:0:0:0:1'], ['2001:db8::2', '2001:db8::']],
  ['IpAddress', ['fe80::/10'], ['fe80::1', 'febf::1'], ['fec0::1']],
  ['IpAddress', ['::1', '10.0.0.0/8'], ['::1', '10.255.0.1'], ['::2', '11.0.0.0', '127.0.0.1']],
  ['ArnLike', ['arn:aws:iam::*:root'], ['arn:aws:iam::1:root'], ['arn:aws:iam::1:user']],
]

function compare(name: string, expected: readonly string[]): (actual: string) => boolean {
  const operator = CONDITION_OPERATORS.get(name)
  assert.ok(operator, name)
  const test = operator.compare(expected)
  return (actual) => test(actual, null)
}

describe('a condition operator', () => {
  for (const [name, expected, holds, fails] of ROWS) {
    it(`${name} ${expected.join(' or ')} holds for ${holds.join(', ')}`, () => {
      for (const actual of holds) assert.equal(compare(name, expected)(actual), true, actual)
    })

    it(`${name} ${expected.join(' or ')} does not hold for ${fails.map((text) => JSON.stringify(text)).join(', ')}`, () => {
      for (const actual of fails) assert.equal(compare(name, expected)(actual), false, actual)
    })
  }

  const NONSENSE: readonly (readonly [operator: string, value: string])[] = [
    ...['', ' ', 'ten', 'Infinity'].map((value) => ['NumericEquals', value] as const),
    ...['', 'today', '-1'].map((value) => ['DateLessThan', value] as const),
    ...['yes', ''].map((value) => ['Bool', value] as const),
    ...[
      '192.0.2.0/33',
      '2001:db8::/129',
      '192.0.2.0/',
      '192.0.2.0/8/8',
      '192.0.2.0/-1',
      '192.0.2',
      '*',
      'fe80::1%eth0',
      'fe80::1%eth0/64',
      '',
    ].map((value) => ['IpAddress', value] as const),
  ]
  for (const [name, value] of NONSENSE)
    it(`${name} takes no ${JSON.stringify(value)}`, () => {
      assert.throws(() => compare(name, [value]), RangeError)
    })

  it('with Not is the negation of the one without', () => {
    for (const [name, operator] of CONDITION_OPERATORS) {
      const positive = CONDITION_OPERATORS.get(name.replace('Not', ''))
      assert.equal(operator.isNegation, name.includes('Not'), name)
      assert.equal(operator.isNegation && positive?.isNegation, false, name)
    }
  })
})
