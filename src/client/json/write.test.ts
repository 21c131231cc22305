import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Float, Instant, type WireValue } from '../values.ts'
import { writeJson, type JsonStyle } from './write.ts'

describe('JSON as it is written', () => {
  const record = (members: Readonly<Record<string, WireValue>>): WireValue => new Map(Object.entries(members))
  const table: readonly (readonly [value: WireValue, style: JsonStyle, text: string])[] = [
    [null, {}, 'null'],
    [true, {}, 'true'],
    [7, {}, '7'],
    [2n ** 70n, {}, '1180591620717411303424'],
    [new Float(5), {}, '5.0'],
    [new Float(0.1), {}, '0.1'],
    [new Float(NaN), {}, 'NaN'],
    [new Float(Infinity), {}, 'Infinity'],
    [new Float(-Infinity), {}, '-Infinity'],
    ['a"\\\n\u0001', {}, '"a\\"\\\\\\n\\u0001"'],
    ['ä\u007f\u{1f600}', {}, '"ä\u007f\u{1f600}"'],
    ['ä\u007f\u{1f600}~', { isAscii: true }, '"\\u00e4\\u007f\\ud83d\\ude00~"'],
    ['\ud83d', {}, '"\\ud83d"'],
    [new Instant('2026-01-01T00:00:00'), {}, '"2026-01-01T00:00:00"'],
    [new Uint8Array([0xff, 0]), {}, '"/wA="'],
    [[], {}, '[]'],
    [[], { indent: 4 }, '[]'],
    [record({}), { indent: 4 }, '{}'],
    [[1, 'a', [2]], {}, '[1, "a", [2]]'],
    [record({ b: 1, a: [record({})] }), {}, '{"b": 1, "a": [{}]}'],
    [record({ ä: 'ä' }), { isAscii: true }, '{"\\u00e4": "\\u00e4"}'],
    [[1, [2, 3]], { indent: 2 }, '[\n  1,\n  [\n    2,\n    3\n  ]\n]'],
    [
      record({ a: record({ b: 1 }), c: 2 }),
      { indent: 4 },
      '{\n    "a": {\n        "b": 1\n    },\n    "c": 2\n}',
    ],
    [[1], { indent: 0 }, '[\n1\n]'],
  ]
  for (const [value, style, text] of table)
    it(`is ${JSON.stringify(text)}${style.indent === undefined ? '' : `, ${style.indent} blanks a level`}`, () =>
      assert.equal(writeJson(value, style), text))
})
