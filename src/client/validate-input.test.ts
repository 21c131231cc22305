import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  boolean,
  double,
  integer,
  list,
  long,
  map,
  optional,
  required,
  stream,
  string,
  structure,
  timestamp,
  type Shape,
} from '../model/shape.ts'
import { ParameterValidationError } from './errors.ts'
import { notation } from './python-text.ts'
import { validateInput } from './validate-input.ts'
import { Float, Instant, type WireRecord, type WireValue } from './values.ts'

/** The problems of a call, each as it is shown. */
function problemsOf(parameters: WireRecord, shape: Parameters<typeof validateInput>[1]): readonly string[] {
  try {
    validateInput(parameters, shape)
    return []
  } catch (error) {
    if (!(error instanceof ParameterValidationError)) throw error
    return error.message.split('\n').slice(1)
  }
}

const record = (members: Readonly<Record<string, WireValue>>): WireRecord => new Map(Object.entries(members))

describe('the parameters of a call', () => {
  const STRING = "<class 'str'>"
  const INTEGER = "<class 'int'>"
  const REAL = "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>"
  const TIME = "<class 'datetime.datetime'>, timestamp-string"
  const wrong = (value: string, type: string, valid: string) =>
    `Invalid type for parameter m, value: ${value}, type: <class '${type}'>, valid types: ${valid}`
  const table: readonly (readonly [shape: Shape, value: WireValue, problem: string | null])[] = [
    [string(), '', null],
    [string(), 7, wrong('7', 'int', STRING)],
    [string(), null, wrong('None', 'NoneType', STRING)],
    [string(), ['a'], wrong("['a']", 'list', STRING)],
    [string({ lengthMin: 2 }), 'ab', null],
    [string({ lengthMin: 2 }), '\u{1f600}\u{1f600}', null],
    [string({ lengthMin: 2 }), 'a', 'Invalid length for parameter m, value: 1, valid min length: 2'],
    [string({ lengthMin: 2 }), '\u{1f600}', 'Invalid length for parameter m, value: 1, valid min length: 2'],
    // Upper bounds and patterns are the service's to check.
    [string({ lengthMax: 1, pattern: /^b$/ }), 'aaa', null],
    [integer(), 7, null],
    [integer(), 2n ** 70n, null],
    [integer(), true, null],
    [integer(), new Float(7), wrong('7.0', 'float', INTEGER)],
    [integer(), '7', wrong('7', 'str', INTEGER)],
    [long(), new Float(7.5), wrong('7.5', 'float', INTEGER)],
    [long({ min: 2 }), 2, null],
    [long({ min: 2 }), 1, 'Invalid value for parameter m, value: 1, valid min value: 2'],
    [long({ min: 2 }), true, 'Invalid value for parameter m, value: True, valid min value: 2'],
    [long({ max: 2 }), 3, null],
    [double(), new Float(7.5), null],
    [double(), 7, null],
    [double({ min: 0 }), new Float(-0.5), 'Invalid value for parameter m, value: -0.5, valid min value: 0'],
    [double(), 'x', wrong('x', 'str', REAL)],
    [boolean(), false, null],
    [boolean(), 0, wrong('0', 'int', "<class 'bool'>")],
    [timestamp(), '2026-01-01T00:00:00Z', null],
    [timestamp(), 0, null],
    [timestamp(), new Instant('2026-01-01T00:00:00+00:00'), null],
    [timestamp(), 'some day', wrong('some day', 'str', TIME)],
    [map(), record({}), null],
    [map(), 'x', wrong('x', 'str', "<class 'dict'>")],
    [stream(), 'x', wrong('x', 'str', "<class 'bytes'>")],
    [list(string()), [], null],
    [list(string()), 'x', wrong('x', 'str', "<class 'list'>, <class 'tuple'>")],
    [
      list(string()),
      ['a', 7],
      `Invalid type for parameter m[1], value: 7, type: <class 'int'>, valid types: ${STRING}`,
    ],
    [structure({ a: optional(string()) }), record({}), null],
    [structure({ a: optional(string()) }), 'x', wrong('x', 'str', "<class 'dict'>")],
    [structure({ a: required(string()) }), record({}), 'Missing required parameter in m: "a"'],
    [
      structure({ a: optional(string()), b: optional(string()) }),
      record({ c: 'x' }),
      'Unknown parameter in m: "c", must be one of: a, b',
    ],
    [
      structure({ a: optional(string()) }),
      record({ toString: 'x' }),
      'Unknown parameter in m: "toString", must be one of: a',
    ],
    [
      structure({ a: optional(list(structure({ b: required(integer()) }))) }),
      record({ a: [record({ b: 1 }), record({})] }),
      'Missing required parameter in m.a[1]: "b"',
    ],
  ]
  for (const [shape, value, problem] of table) {
    const expected = problem === null ? [] : [problem]
    it(problem ?? `may be ${notation(value)} for a ${shape.type}`, () =>
      assert.deepEqual(problemsOf(record({ m: value }), structure({ m: optional(shape) })), expected),
    )
  }

  it('are checked all, what is missing and unknown first, the input itself by the name of input', () => {
    const shape = structure({
      ...{ name: required(string()), count: optional(integer()) },
      box: optional(structure({ label: required(string()), size: optional(integer()) })),
    })
    const given = record({ count: 'x', other: 1, box: record({ size: 'y', more: 1 }) })
    assert.deepEqual(problemsOf(given, shape), [
      'Missing required parameter in input: "name"',
      'Unknown parameter in input: "other", must be one of: name, count, box',
      `Invalid type for parameter count, value: x, type: <class 'str'>, valid types: ${INTEGER}`,
      'Missing required parameter in box: "label"',
      'Unknown parameter in box: "more", must be one of: label, size',
      `Invalid type for parameter box.size, value: y, type: <class 'str'>, valid types: ${INTEGER}`,
    ])
    assert.deepEqual(problemsOf(record({ name: 'a' }), shape), [])
  })
})
