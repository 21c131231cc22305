import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readJson } from '../../client/json/read.ts'
import { displayWidth } from './east-asian-width.ts'
import { OutputError } from './output-error.ts'
import { formatTable } from './table.ts'
import type { TableOptions } from './table.ts'

const shown = (json: string, options: Partial<TableOptions> = {}): string =>
  formatTable('GetThings', readJson(json), {
    widthMax: 80,
    isColored: false,
    isTerminal: false,
    ...options,
  })

function isShown(json: string, table: string, options: Partial<TableOptions> = {}): void {
  const lines = table.split('\n').map((line) => line.trimStart())
  assert.equal(shown(json, options), `${lines.slice(1, -1).join('\n')}\n`)
}

describe('a structure', () => {
  it('is a row under the names of its members, in their order', () =>
    isShown(
      '{"b": 1, "a": "x"}',
      `
      ------------
      | GetThings|
      +----+-----+
      |  a |  b  |
      +----+-----+
      |  x |  1  |
      +----+-----+
      `,
    ))

  it('of one member has the name beside it', () =>
    isShown(
      '{"a": null}',
      `
      ---------------
      |  GetThings  |
      +----+--------+
      |  a |  None  |
      +----+--------+
      `,
    ))

  it('has what is nested below it, a frame further in for each level', () =>
    isShown(
      '{"z": "x", "o": {"p": {"q": 1, "r": 22}}, "l": ["v", 2.0]}',
      `
      -----------------
      |   GetThings   |
      +------+--------+
      |  z   |  x     |
      +------+--------+
      ||      l      ||
      |+-------------+|
      ||  v          ||
      ||  2.0        ||
      |+-------------+|
      ||      o      ||
      |+-------------+|
      |||     p     |||
      ||+----+------+||
      |||  q |  r   |||
      ||+----+------+||
      |||  1 |  22  |||
      ||+----+------+||
      `,
    ))

  it('leaves out what is empty', () => {
    for (const nothing of ['[]', '{}', 'null', 'false', '0', '""']) assert.equal(shown(nothing), '')
    isShown(
      '{"a": [], "b": {}, "c": ""}',
      `
      -----------
      |GetThings|
      +----+----+
      |  c |    |
      +----+----+
      `,
    )
  })
})

describe('a list', () => {
  it('of structures has a column for every plain member that one of them has', () =>
    isShown(
      '{"things": [{"name": "photos", "n": 1}, {"name": "b", "m": true}], "next": "t"}',
      `
      ---------------------------
      |        GetThings        |
      +---------------+---------+
      |  next         |  t      |
      +---------------+---------+
      ||        things         ||
      |+-------+----+----------+|
      ||   m   | n  |  name    ||
      |+-------+----+----------+|
      ||       |  1 |  photos  ||
      ||  True |    |  b       ||
      |+-------+----+----------+|
      `,
    ))

  it('of structures with nested ones begins anew with each of them', () =>
    isShown(
      '{"things": [{"name": "a", "tags": [{"k": "x", "v": "y"}]}, {"name": "bb", "tags": []}]}',
      `
      ----------------
      |   GetThings  |
      +--------------+
      ||   things   ||
      |+------------+|
      ||    name    ||
      |+------------+|
      ||  a         ||
      |+------------+|
      |||   tags   |||
      ||+----+-----+||
      |||  k |  v  |||
      ||+----+-----+||
      |||  x |  y  |||
      ||+----+-----+||
      ||   things   ||
      |+------------+|
      ||    name    ||
      |+------------+|
      ||  bb        ||
      |+------------+|
      `,
    ))

  it('of structures of nested ones alone has no row of its own', () =>
    isShown(
      '[{"a": {"x": 1}}, {"b": {"y": 2}}]',
      `
      --------------
      |  GetThings |
      ||     a    ||
      |+----+-----+|
      ||  x |  1  ||
      |+----+-----+|
      |  GetThings |
      ||     b    ||
      |+----+-----+|
      ||  y |  2  ||
      |+----+-----+|
      `,
    ))

  it('of lists has a row for each', () =>
    isShown(
      '[["b", "c"], ["d", "eeee"]]',
      `
      ---------------
      |  GetThings  |
      +----+--------+
      |  b |  c     |
      |  d |  eeee  |
      +----+--------+
      `,
    ))

  it('shows of a structure behind plain ones the names alone, and looks into lists of lists', () =>
    isShown(
      '["a", {"k": 1}, [["b"]]]',
      `
      -----------
      |GetThings|
      +---------+
      |  a      |
      |  k      |
      |  b      |
      +---------+
      `,
    ))

  it('of what cannot stand together is refused in words of the reference', () => {
    for (const [json, message] of [
      ['[{"a": 1}, "x"]', "string indices must be integers, not 'str'"],
      ['[{"a": 1}, ["x"]]', 'list indices must be integers or slices, not str'],
      ['[{"a": 1}, [[]]]', 'list indices must be integers or slices, not list'],
      ['[{"a": 1}, 5]', "'int' object is not iterable"],
      ['[{"a": 1}, null]', "'NoneType' object is not iterable"],
      ['[{"a": 1}, []]', "'list' object has no attribute 'get'"],
      ['[{"a": 1}, ""]', "'str' object has no attribute 'get'"],
    ] as const)
      assert.throws(
        () => shown(json),
        (error) => error instanceof OutputError && error.message === message,
        json,
      )
    for (const [json, message] of [
      ['["a", ["b", "c"]]', 'Row should have 1 elements, instead it has 2'],
      ['["a", {"k": 1, "l": 2}]', 'Row should have 1 elements, instead it has 2'],
      // One without a name is a structure of its own.
      ['["a", {"": 1}]', 'Row should have 1 elements, instead it has 2'],
      ['[["a", "b"], ["c"]]', 'Row should have 2 elements, instead it has 1'],
    ] as const)
      assert.throws(() => shown(json), { message })
    // An empty list has nothing that is missing, where no plain member is asked for.
    assert.equal(shown('[{"a": {"x": 1}}, []]'), shown('[{"a": {"x": 1}}, {}]'))
  })
})

describe('the width of a table', () => {
  const wide = '{"aaaaaaaaaaaaaaaa": "x", "bbbbbbbbbbbbbbbbbbbb": 1, "ccccccccccccc": 3}'

  it('is that of its content, where the terminal has it', () => {
    const width = shown(wide).indexOf('\n')
    assert.equal(width, 63)
    assert.equal(shown(wide, { widthMax: width }), shown(wide))
    assert.notEqual(shown(wide, { widthMax: width - 1 }), shown(wide))
  })

  it('turns a row of its own where the terminal is too narrow', () =>
    isShown(
      wide,
      `
      -------------------------------
      |          GetThings          |
      +------------------------+----+
      |  aaaaaaaaaaaaaaaa      |  x |
      |  bbbbbbbbbbbbbbbbbbbb  |  1 |
      |  ccccccccccccc         |  3 |
      +------------------------+----+
      `,
      { widthMax: 40 },
    ))

  it('leaves several rows as they are, however narrow the terminal is', () =>
    isShown(
      `{"l": [${wide}, ${wide.replace('"x"', '"y"')}], "o": [["only rows without names"]]}`,
      `
      -----------------------------------------------------------------
      |                           GetThings                           |
      +---------------------------------------------------------------+
      ||                              l                              ||
      |+------------------+------------------------+-----------------+|
      || aaaaaaaaaaaaaaaa | bbbbbbbbbbbbbbbbbbbb   |  ccccccccccccc  ||
      |+------------------+------------------------+-----------------+|
      ||  x               |  1                     |  3              ||
      ||  y               |  1                     |  3              ||
      |+------------------+------------------------+-----------------+|
      ||                              o                              ||
      |+-------------------------------------------------------------+|
      ||  only rows without names                                    ||
      |+-------------------------------------------------------------+|
      `,
      { widthMax: 40 },
    ))

  it('shares what is left between the columns, what does not go even at the outer ones', () => {
    for (const [title, rule] of [
      ['{"a": "", "b": "", "c": ""}', '+---+-----+-----+'],
      ['{"a": "x", "b": "1234567", "c": ""}', '+---+-----------+-----+'],
      ['{"aa": "x", "b": "", "c": "", "d": ""}', '+-----+----+----+-----+'],
      ['{"abc": "xyz", "b": "1"}', '+------+-----+'],
    ] as const)
      assert.equal(shown(title).split('\n')[2], rule, title)
    // A long title stretches them.
    const stretched = (json: string): string | undefined =>
      formatTable('x'.repeat(50), readJson(json), {
        widthMax: 80,
        isColored: false,
        isTerminal: false,
      }).split('\n')[2]
    assert.equal(
      stretched('{"a": "", "b": "", "c": ""}'),
      `+${['-'.repeat(15), '-'.repeat(16), '-'.repeat(17)].join('+')}+`,
    )
    assert.equal(
      stretched('{"a": "1234567890", "b": "", "c": "1", "d": "12"}'),
      `+${['-'.repeat(22), '-'.repeat(8), '-'.repeat(8), '-'.repeat(9)].join('+')}+`,
    )
  })

  it('counts characters of two columns', () => {
    isShown(
      '{"n": "é漢字😀", "w": "ab"}',
      `
      --------------------
      |     GetThings    |
      +-----------+------+
      |     n     |  w   |
      +-----------+------+
      |  é漢字😀 |  ab  |
      +-----------+------+
      `,
    )
    for (const [text, width] of [
      ['', 0],
      ['abc', 3],
      ['\u00a0', 1],
      ['\u00a1', 2],
      ['\u00a2', 1],
      ['\u1100', 2],
      ['\u115f', 2],
      ['\u1160', 1],
      ['\u4e00', 2],
      ['\uac00', 2],
      ['\ud7a3', 2],
      ['\uff01', 2],
      ['\uff60', 2],
      ['\uff61', 1],
      ['\u{1f600}', 2],
      ['\u{1f5a6}', 1],
      ['\u{20000}', 2],
      ['\u{2fffd}', 2],
      ['\u{e0100}', 2],
      ['\u{e0001}', 1],
      ['\u{10fffd}', 2],
      ['\u{10ffff}', 2],
      ['a\u3042b', 4],
    ] as const)
      assert.equal(displayWidth(text), width, JSON.stringify(text))
  })
})

describe('a table on a terminal', () => {
  it('shows control characters, also of titles and names, instead of passing them on', () => {
    const json = '{"a\\u001b": "tab\\tbell\\u0007", "b": [{"c\\u0007": {"d": 1}, "e": 2}]}'
    const text = shown(json, { isTerminal: true })
    for (const part of ['a\\u001b', 'tab\\u0009bell\\u0007', 'c\\u0007']) assert.ok(text.includes(part), text)
    assert.doesNotMatch(text, /[\u0007\u001b\t]/)
    assert.match(shown(json), /tab\tbell\u0007/)
  })

  it('has colours where they are asked for, each reset after the piece', () =>
    assert.deepEqual(shown('{"a": "x", "b": {"c": 1}}', { isColored: true }).split('\n'), [
      '--------------',
      '\u001b[0m\u001b[0m|  GetThings |\u001b[0m\u001b[0m',
      '\u001b[0m\u001b[0m+-----+------+\u001b[0m\u001b[0m',
      '\u001b[0m\u001b[0m|  \u001b[1m\u001b[34ma\u001b[0m  |  \u001b[1m\u001b[34mx\u001b[0m   |\u001b[0m\u001b[0m',
      '\u001b[0m\u001b[0m+-----+------+\u001b[0m\u001b[0m',
      '\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m|     b    |\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m',
      '\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m+----+-----+\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m',
      '\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m|  \u001b[1m\u001b[34mc\u001b[0m |  \u001b[1m\u001b[34m1\u001b[0m  |\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m',
      '\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m+----+-----+\u001b[0m\u001b[2m\u001b[33m|\u001b[0m\u001b[0m',
      '\u001b[0m',
    ]))
})
