import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readJson } from '../../client/json/read.ts'
import { OutputError } from './output-error.ts'
import { formatTable } from './table.ts'
import { formatText } from './text.ts'

const STYLE = { widthMax: 80, isColored: false, isTerminal: false }

it('lists of structures and other values cannot be shown as text or table, in the words of the reference', () => {
  for (const [json, text, table] of [
    ['["b", {"code": "OK"}]', "'str' object has no attribute 'items'", null],
    ['[[{"id": "1"}], {"a": 1}]', "'list' object has no attribute 'items'", null],
    [
      '[{"a": 1}, [{"id": "1"}]]',
      "'list' object has no attribute 'items'",
      'list indices must be integers or slices, not dict',
    ],
    ['[{"a": 1}, []]', "'list' object has no attribute 'items'", "'list' object has no attribute 'get'"],
    [
      '[{"a": 1}, "b"]',
      "'str' object has no attribute 'items'",
      "string indices must be integers, not 'str'",
    ],
    ['[{"a": 1}, null]', "'NoneType' object has no attribute 'items'", "'NoneType' object is not iterable"],
    ['[{"a": 1}, true]', "'bool' object has no attribute 'items'", "'bool' object is not iterable"],
    ['[{"a": 1}, 1.5]', "'float' object has no attribute 'items'", "'float' object is not iterable"],
  ] as const) {
    const value = readJson(json)
    assert.throws(() => formatText(value), new OutputError(text), json)
    if (table !== null) assert.throws(() => formatTable('Title', value, STYLE), new OutputError(table), json)
    else assert.notEqual(formatTable('Title', value, STYLE), '')
  }
})

it('tables in one section keep the columns of the first', () => {
  for (const [json, message] of [
    ['[[{"a": 1, "b": 2}], [{"c": 1}]]', 'Row should have 2 elements, instead it has 1'],
    ['[[{"a": 1}], [{"c": 1, "d": 2}]]', 'list index out of range'],
  ] as const)
    assert.throws(() => formatTable('Title', readJson(json), STYLE), new Error(message), json)
})

it('what comes before such a list as text is shown', () => {
  const value = readJson('{"a": "x", "b": [1, {"c": 2}]}')
  assert.throws(
    () => formatText(value),
    (error) => error instanceof OutputError && error.before === 'x\n',
  )
})
