import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Float, OrderedRecord } from '../values.ts'
import { JsonError, readJson } from './read.ts'
import type { WireValue } from '../values.ts'

describe('JSON that is read', () => {
  const texts: readonly (readonly [text: string, value: WireValue])[] = [
    ['null', null],
    ['true', true],
    [' false\n', false],
    ['0', 0],
    ['-0', -0],
    ['12', 12],
    ['-7', -7],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['-123456789012345678901', -123_456_789_012_345_678_901n],
    ['5.0', new Float(5)],
    ['5e0', new Float(5)],
    ['-1.5E+2', new Float(-150)],
    ['25e-1', new Float(2.5)],
    ['NaN', new Float(NaN)],
    ['Infinity', new Float(Infinity)],
    ['-Infinity', new Float(-Infinity)],
    ['""', ''],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u00e4\\uD83D\\ude00x"', 'ä😀x'],
    ['"ä😀\u007f"', 'ä😀\u007f'],
    ['[]', []],
    [' [ \t] ', []],
    ['[1,[2],\r\n"3" , null]', [1, [2], '3', null]],
    ['{}', new Map()],
    ['{ }', new Map()],
    ['{"a":1}', new Map([['a', 1]])],
    [
      '{ "a" : 1 , "b":{"c":[]}}',
      new Map<string, WireValue>([
        ['a', 1],
        ['b', new Map([['c', []]])],
      ]),
    ],
    [
      '{"a":1,"b":2,"a":3}',
      new Map([
        ['a', 3],
        ['b', 2],
      ]),
    ],
  ]
  for (const [text, value] of texts)
    it(`gives for ${JSON.stringify(text)} what Python's reader gives`, () =>
      assert.deepEqual(readJson(text), value))

  it('keeps the order of the members of an object, told as such where that is wanted', () => {
    const plain = readJson('{"b":{"x":1},"a":2}')
    const ordered = readJson('{"b":{"x":1},"a":2}', { isOrdered: true })
    assert.ok(plain instanceof Map && ordered instanceof OrderedRecord)
    assert.ok(!(plain instanceof OrderedRecord))
    assert.ok(ordered.get('b') instanceof OrderedRecord)
    assert.deepEqual([...ordered.keys()], ['b', 'a'])
  })

  it('is nested 500 deep at most', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    assert.ok(Array.isArray(readJson(nested(500))))
    assert.throws(() => readJson(nested(501)), new JsonError('Nested too deeply', nested(501), 500))
    assert.ok(Array.isArray(readJson(`[${Array(600).fill('[]').join()}]`)), 'beside each other is not nested')
  })
})

describe('text that is not JSON', () => {
  /** What Python 3's json.loads says of each. */
  const texts: readonly (readonly [text: string, message: string])[] = [
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['  ', 'Expecting value: line 1 column 3 (char 2)'],
    ['nul', 'Expecting value: line 1 column 1 (char 0)'],
    ['+1', 'Expecting value: line 1 column 1 (char 0)'],
    ['-', 'Expecting value: line 1 column 1 (char 0)'],
    ['.5', 'Expecting value: line 1 column 1 (char 0)'],
    ["'a'", 'Expecting value: line 1 column 1 (char 0)'],
    ['\ufeff{}', 'Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)'],
    ['1 2', 'Extra data: line 1 column 3 (char 2)'],
    ['01', 'Extra data: line 1 column 2 (char 1)'],
    ['1.', 'Extra data: line 1 column 2 (char 1)'],
    ['{} x', 'Extra data: line 1 column 4 (char 3)'],
    ['😀', 'Expecting value: line 1 column 1 (char 0)'],
    ['"😀" x', 'Extra data: line 1 column 5 (char 4)'],
    ['[1\n,\n x]', 'Expecting value: line 3 column 2 (char 6)'],
    ['[', 'Expecting value: line 1 column 2 (char 1)'],
    ['[1', "Expecting ',' delimiter: line 1 column 3 (char 2)"],
    ['[1 2]', "Expecting ',' delimiter: line 1 column 4 (char 3)"],
    ['[1, ', 'Expecting value: line 1 column 5 (char 4)'],
    ['{', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['{a', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['{"a"', "Expecting ':' delimiter: line 1 column 5 (char 4)"],
    ['{"a" 1', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{"a":', 'Expecting value: line 1 column 6 (char 5)'],
    ['{"a":1', "Expecting ',' delimiter: line 1 column 7 (char 6)"],
    ['{"a":1 "b"', "Expecting ',' delimiter: line 1 column 8 (char 7)"],
    ['"', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    [' "ab', 'Unterminated string starting at: line 1 column 2 (char 1)'],
    ['"a\\', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"a\nb"', 'Invalid control character at: line 1 column 3 (char 2)'],
    ['"a\\x"', 'Invalid \\escape: line 1 column 3 (char 2)'],
    ['"a\\u12"', 'Invalid \\uXXXX escape: line 1 column 4 (char 3)'],
    ['"a\\u00g0"', 'Invalid \\uXXXX escape: line 1 column 4 (char 3)'],
    ['[1}', "Expecting ',' delimiter: line 1 column 3 (char 2)"],
  ]
  for (const [text, message] of texts)
    it(`as ${JSON.stringify(text)} is refused with its place`, () =>
      assert.throws(
        () => readJson(text),
        (error) => error instanceof JsonError && (assert.equal(error.message, message), true),
      ))
})
