import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkConstraints, describeViolations } from './constraints.ts'
import {
  boolean,
  double,
  enumeration,
  float,
  integer,
  list,
  long,
  map,
  optional,
  required,
  string,
  structure,
  timestamp,
} from './shape.ts'

const shape = structure({
  name: required(string({ lengthMin: 2, lengthMax: 4, pattern: /^[a-z\u{1f600}]*$/u })),
  kind: optional(enumeration(['one', 'two'])),
  secret: optional(string({ lengthMin: 3, isSensitive: true })),
  count: optional(integer({ min: 1, max: 9 })),
  size: optional(long({ min: 1 })),
  rate: optional(float({ max: 0.5 })),
  share: optional(double({ min: -0.5 })),
  isOn: optional(boolean()),
  at: optional(timestamp()),
  meta: optional(map()),
  items: optional(
    list(structure({ key: required(string({ lengthMax: 2 })), inner: optional(list(integer({ max: 1 }))) }), {
      lengthMax: 2,
    }),
  ),
  box: optional(structure({ label: required(string()), note: optional(string()) })),
})

type Given = Parameters<typeof checkConstraints<typeof shape>>[1]

/** `path: constraint (value)` of each violation. */
function violationsOf(given: object): string[] {
  const check = checkConstraints(shape, given as Given)
  if (check.isValid) {
    assert.equal(check.value, given)
    return []
  }
  return check.violations.map(({ path, constraint, value }) => `${path}: ${constraint} (${String(value)})`)
}

describe('the constraints of an input', () => {
  const good = { name: 'ab' }
  const table: readonly (readonly [given: object, ...violations: string[]])[] = [
    [good],
    [{}, 'name: Member must not be null (null)'],
    [{ name: 'a' }, 'name: Member must have length greater than or equal to 2 (a)'],
    [{ name: 'abcd' }],
    [{ name: 'abcde' }, 'name: Member must have length less than or equal to 4 (abcde)'],
    // Characters are counted, not code units.
    [{ name: '\u{1f600}\u{1f600}\u{1f600}\u{1f600}' }],
    [{ name: '\u{1f600}' }, 'name: Member must have length greater than or equal to 2 (\u{1f600})'],
    [
      { name: '\ud83d\ud83d' },
      `name: Member must satisfy regular expression pattern: ^[a-z\\u{1f600}]*$ (\ud83d\ud83d)`,
    ],
    [
      { name: '\ude00\ude00' },
      `name: Member must satisfy regular expression pattern: ^[a-z\\u{1f600}]*$ (\ude00\ude00)`,
    ],
    [{ name: 'AB' }, 'name: Member must satisfy regular expression pattern: ^[a-z\\u{1f600}]*$ (AB)'],
    [{ ...good, kind: 'two' }],
    [{ ...good, kind: 'Two' }, 'kind: Member must satisfy enum value set: [one, two] (Two)'],
    [{ ...good, secret: 'abc' }],
    [{ ...good, secret: 'ab' }, 'secret: Member must have length greater than or equal to 3 (null)'],
    [{ ...good, count: 1 }],
    [{ ...good, count: 9 }],
    [{ ...good, count: 0 }, 'count: Member must have value greater than or equal to 1 (0)'],
    [{ ...good, count: 10 }, 'count: Member must have value less than or equal to 9 (10)'],
    [{ ...good, size: 0 }, 'size: Member must have value greater than or equal to 1 (0)'],
    [{ ...good, rate: 0.6 }, 'rate: Member must have value less than or equal to 0.5 (0.6)'],
    [{ ...good, share: -0.6 }, 'share: Member must have value greater than or equal to -0.5 (-0.6)'],
    [{ ...good, isOn: false, at: -1, meta: {} }],
    [{ ...good, items: [{ key: 'a' }, { key: 'bb' }] }],
    [
      { ...good, items: [{ key: 'a' }, { key: 'bbb' }] },
      'items[1].key: Member must have length less than or equal to 2 (bbb)',
    ],
    [{ ...good, items: [{}] }, 'items[0].key: Member must not be null (null)'],
    [
      { ...good, items: [{ key: 'a', inner: [1, 2, 3] }] },
      'items[0].inner[1]: Member must have value less than or equal to 1 (2)',
      'items[0].inner[2]: Member must have value less than or equal to 1 (3)',
    ],
    // What is in a list that is too long is not looked at.
    [{ ...good, items: [{}, {}, {}] }, 'items: Member must have length less than or equal to 2 (list of 3)'],
    [{ ...good, box: {} }, 'box.label: Member must not be null (null)'],
    [{ ...good, box: { label: '' } }],
    [
      { count: 0, kind: 'x' },
      'name: Member must not be null (null)',
      'kind: Member must satisfy enum value set: [one, two] (x)',
      'count: Member must have value greater than or equal to 1 (0)',
    ],
  ]
  for (const [given, ...violations] of table)
    it(`${violations.length === 0 ? 'are met by' : 'are not met by'} ${JSON.stringify(given)}`, () =>
      assert.deepEqual(violationsOf(given), violations))

  it('show 100 characters of a value', () => {
    for (const length of [100, 101]) {
      const [violation] = violationsOf({ name: 'x'.repeat(length) })
      assert.ok(violation?.endsWith(`(${'x'.repeat(100)})`))
    }
  })

  it('are looked at until ten are not met', () => {
    const many = structure({
      items: optional(list(structure({ a: required(string()), b: optional(string({ lengthMin: 1 })) }))),
    })
    const violations = (items: object[]) => {
      const check = checkConstraints(many, { items } as never)
      return check.isValid ? 0 : check.violations.length
    }
    assert.equal(violations(Array.from({ length: 9 }, () => ({}))), 9)
    assert.equal(violations(Array.from({ length: 30 }, () => ({}))), 10)
    assert.equal(violations(Array.from({ length: 30 }, () => ({ a: '', b: '' }))), 10)
    assert.equal(violations(Array.from({ length: 30 }, () => ({ b: '' }))), 10)
  })

  it('are told in one sentence', () => {
    const told = (given: object) => {
      const check = checkConstraints(shape, given as Given)
      return check.isValid ? '' : describeViolations(check.violations)
    }
    assert.equal(
      told({}),
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    )
    assert.equal(
      told({ name: 'a', count: 0 }),
      "2 validation errors detected: Value 'a' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2; " +
        "Value '0' at 'count' failed to satisfy constraint: Member must have value greater than or equal to 1",
    )
  })
})
