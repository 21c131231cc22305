import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readJson } from '../../client/json/read.ts'
import { OutputError } from './output-error.ts'
import { formatText } from './text.ts'

const shown = (json: string): string => formatText(readJson(json))

describe('an output as text', () => {
  const table: readonly (readonly [json: string, lines: readonly string[]])[] = [
    ['"a"', ['a']],
    ['7', ['7']],
    ['7.0', ['7.0']],
    ['true', ['True']],
    ['null', ['None']],
    ['""', ['']],
    ['[]', []],
    ['["a", "b"]', ['a\tb']],
    ['[["a", "b"], ["c"]]', ['a\tb', 'c']],
    ['["a", ["b", "c"], "d"]', ['a\td', 'b\tc']],
    ['[[], []]', []],
    ['{}', []],
    // The plain members of a structure in one line, by name.
    ['{"b": 1, "a": "x", "C": null}', ['None\tx\t1']],
    // What is nested follows, under its name.
    ['{"b": {"d": 1, "c": 2}, "a": "x"}', ['x', 'B\t2\t1']],
    ['{"b": ["x", "y"]}', ['B\tx', 'B\ty']],
    ['{"b": [["x", "y"], "z"]}', ['B\tz', 'B\tx', 'B\ty']],
    ['{"b": {"c": {"d": 1}}}', ['C\t1']],
    ['{"b": []}', []],
    // All structures of a list have the same columns.
    ['[{"a": 1}, {"b": 2}]', ['1\t', '\t2']],
    ['{"l": [{"b": 2, "a": 1}, {"a": 3}]}', ['L\t1\t2', 'L\t3\t']],
    ['{"l": [{"a": 1, "n": {"x": 9}}, {"a": 2, "n": {"x": 8}}]}', ['L\t1', 'N\t9', 'L\t2', 'N\t8']],
    ['{"l": [{"n": {"x": 9}}, {"n": {"y": 8}}]}', ['N\t9', 'N\t8']],
    ['{"l": [{"a": {"x": 1}}, {"a": 2}]}', ["L\t{'x': 1}", 'L\t2']],
  ]
  for (const [json, lines] of table)
    it(`${json} is ${lines.length === 0 ? 'nothing' : JSON.stringify(lines.join('\n'))}`, () =>
      assert.equal(shown(json), lines.map((line) => `${line}\n`).join('')))

  it('cannot be of a list of structures and others, and shows what comes before that', () => {
    for (const [json, message, before] of [
      ['[{"a": 1}, "b"]', "'str' object has no attribute 'items'", ''],
      ['[7, {"a": 1}]', "'int' object has no attribute 'items'", ''],
      ['{"a": "x", "b": [{"c": 1}, []]}', "'list' object has no attribute 'items'", 'x\n'],
    ] as const)
      assert.throws(
        () => shown(json),
        (error) => {
          assert.ok(error instanceof OutputError)
          assert.equal(error.message, message)
          assert.equal(error.before, before)
          return true
        },
      )
  })
})
