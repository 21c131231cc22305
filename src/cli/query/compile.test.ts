import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { found, gives, refusal } from '../../../test/cli/query-results.ts'

describe('a name', () => {
  gives('{"a": {"b": 1}, "a b": 2, "_x9": 3, "é\\"": 4, "n": null}', [
    ['a.b', '1'],
    [' a\t.\n b\r', '1'],
    ['a."b"', '1'],
    ['"a b"', '2'],
    ['_x9', '3'],
    ['"\\u00e9\\""', '4'],
    ['n', 'null'],
    ['missing', 'null'],
    ['n.b', 'null'],
    ['@.a', '{"b": 1}'],
  ])
  gives('["a"]', [['a', 'null']])
})

describe('a literal', () => {
  gives('null', [
    ["'x'", '"x"'],
    ["'it\\'s'", '"it\'s"'],
    ["'a\\n'", '"a\\\\n"'],
    ["''", '""'],
    ['`5`', '5'],
    ['`5.0`', '5.0'],
    ['`{"a": [1, true]}`', '{"a": [1, true]}'],
    ['`"a"`', '"a"'],
    // What is no JSON is a text.
    ['`  a b`', '"a b"'],
    ['`a\\`b`', '"a`b"'],
    ['`"a\\`b"`', '"a`b"'],
    ['`123456789012345678901`', '123456789012345678901'],
  ])
})

describe('an index and a slice', () => {
  gives('[0, 1, 2, 3]', [
    ['[0]', '0'],
    ['[3]', '3'],
    ['[4]', 'null'],
    ['[-1]', '3'],
    ['[-4]', '0'],
    ['[-5]', 'null'],
    ['[:]', '[0, 1, 2, 3]'],
    ['[1:]', '[1, 2, 3]'],
    ['[:2]', '[0, 1]'],
    ['[1:3]', '[1, 2]'],
    ['[-3:-1]', '[1, 2]'],
    ['[::2]', '[0, 2]'],
    ['[1::2]', '[1, 3]'],
    ['[::-1]', '[3, 2, 1, 0]'],
    ['[2::-1]', '[2, 1, 0]'],
    ['[:1:-1]', '[3, 2]'],
    ['[3:0:-2]', '[3, 1]'],
    ['[9::-3]', '[3, 0]'],
    ['[-9:9]', '[0, 1, 2, 3]'],
    ['[-9:2:1]', '[0, 1]'],
    ['[-1:-9:-1]', '[3, 2, 1, 0]'],
    ['[2:1]', '[]'],
    ['[1:2:-1]', '[]'],
    ['[5:9]', '[]'],
    ['[:][0]', '[]'],
  ])
  gives('{"a": [[1, 2], [3]], "b": "text"}', [
    ['a[0][1]', '2'],
    ['a[:][0]', '[1, 3]'],
    ['a[*][1]', '[2]'],
    ['b[0]', 'null'],
    ['b[:1]', 'null'],
    ['[0]', 'null'],
  ])
  it('cannot go on by nothing', () => assert.equal(refusal('[::0]', '[]'), 'slice step cannot be zero'))
})

describe('a projection', () => {
  const json =
    '{"a": [{"b": 1, "c": [1, 2]}, {"c": [3]}, {"b": 2, "c": []}], "d": {"x": {"b": 7}, "y": {"b": 8}}}'
  gives(json, [
    ['a[*].b', '[1, 2]'],
    ['a[].b', '[1, 2]'],
    ['a[*].c', '[[1, 2], [3], []]'],
    ['a[*].c[]', '[1, 2, 3]'],
    ['a[].c[]', '[1, 2, 3]'],
    ['a[*].c[0]', '[1, 3]'],
    ['a[*].c | [0]', '[1, 2]'],
    ['a[*].c[*]', '[[1, 2], [3], []]'],
    ['d.*.b', '[7, 8]'],
    ['d.* | [0].b', '7'],
    ['*.x.b', '[7]'],
    ['d.*.*', '[[7], [8]]'],
    ['d[*]', 'null'],
    ['d[]', 'null'],
    ['a.*', 'null'],
    ['a[?b].b', '[1, 2]'],
    ['d[?b]', 'null'],
    ['a[*].{n: b, "m": c[0]}', '[{"n": 1, "m": 1}, {"n": null, "m": 3}, {"n": 2, "m": null}]'],
    ['a[*].[b, c[0]]', '[[1, 1], [null, 3], [2, null]]'],
    ['a[0].*', '[1, [1, 2]]'],
    ['a[?c[0]]|[0].b', '1'],
    ['a[?b == `2`][].c', '[[]]'],
    ['a[?b == `1`].c[]', '[1, 2]'],
    ['a[?b > `1`].b | [0]', '2'],
    ['a[*].b || `[]`', '[1, 2]'],
    ['a[*].b == `[1, 2]`', 'true'],
  ])
  gives('[[1, [2]], 3, [[4]]]', [
    ['[]', '[1, [2], 3, [4]]'],
    ['[][]', '[1, 2, 3, 4]'],
    ['[*][0]', '[1, [4]]'],
    ['[?@ == `3`]', '[3]'],
    ['[*] | [1]', '3'],
  ])
  gives('{"a": {"b": [1]}}', [
    ['[a, a.b]', '[{"b": [1]}, [1]]'],
    ['{x: a.b[0]}', '{"x": 1}'],
    ['{x: a}.x.b', '[1]'],
    ['(a).b', '[1]'],
    ['[*]', 'null'],
    ['a.[b]', '[[1]]'],
    ['a.{c: b}', '{"c": [1]}'],
    ['x.[b]', 'null'],
    ['x.{c: b}', 'null'],
  ])
})

describe('what is true', () => {
  for (const [value, isTrue] of [
    ['null', false],
    ['false', false],
    ['""', false],
    ['[]', false],
    ['{}', false],
    ['0', true],
    ['0.0', true],
    ['true', true],
    ['"a"', true],
    ['[null]', true],
    ['{"a": null}', true],
  ] as const)
    it(`${value} is ${isTrue ? 'true' : 'not'}`, () => {
      assert.equal(found('!@', value), String(!isTrue))
      assert.equal(found("@ && 'then'", value), isTrue ? '"then"' : value)
      assert.equal(found("@ || 'else'", value), isTrue ? value : '"else"')
    })
  gives('{"t": true, "f": false, "n": 5}', [
    ['t || f && f', 'true'],
    ['(t || f) && f', 'false'],
    ['f && f || t', 'true'],
    ['!f && t', 'true'],
    ['!(f && t)', 'true'],
    ['!t == f', 'true'],
    ['n > `1` && n < `9`', 'true'],
    ['f || n > `5`', 'false'],
    ['t && n | @', '5'],
    ['f | t || t', 'null'],
  ])
})

describe('a comparison', () => {
  gives('{"i": 5, "f": 5.0, "g": 5.5, "t": "b", "l": [1, {"x": true}], "n": null}', [
    ['i == f', 'true'],
    ['i != f', 'false'],
    ['i == g', 'false'],
    ['i < g', 'true'],
    ['g < i', 'false'],
    ['i < f', 'false'],
    ['i <= f', 'true'],
    ['g <= i', 'false'],
    ['g > i', 'true'],
    ['i > f', 'false'],
    ['i >= f', 'true'],
    ['i >= g', 'false'],
    ["t < 'c'", 'true'],
    ["t >= 'b'", 'true'],
    ["t == 'b'", 'true'],
    ["t != 'b'", 'false'],
    ["t == 'bb'", 'false'],
    // What has no order is neither before nor after.
    ['n < i', 'null'],
    ['i > n', 'null'],
    ['l <= l', 'null'],
    ['n == missing', 'true'],
    // A truth value is no number by itself, but within a list it is 1 or 0.
    ['`true` == `1`', 'false'],
    ['`1` == `true`', 'false'],
    ['`true` == `true`', 'true'],
    ['l == `[true, {"x": 1}]`', 'true'],
    ['l == `[1, {"x": false}]`', 'false'],
    ['l == `[1]`', 'false'],
    ['`{"a": 1, "b": 2}` == `{"b": 2, "a": 1.0}`', 'true'],
    ['`{"a": 1}` == `{"b": 1}`', 'false'],
    ['`{"a": 1}` == `{"a": 1, "b": 2}`', 'false'],
    ['`{"a": null}` == `{"b": null}`', 'false'],
    ['`[]` == `{}`', 'false'],
    ['`9007199254740993` > `9007199254740992`', 'true'],
  ])
  it('of a number with a text says which kinds they are', () => {
    assert.equal(refusal("`1` < 'a'"), "'<' not supported between instances of 'int' and 'str'")
    assert.equal(refusal("'a' >= `1.5`"), "'>=' not supported between instances of 'str' and 'float'")
    assert.equal(refusal("'a' > `1`"), "'>' not supported between instances of 'str' and 'int'")
    assert.equal(refusal("'a' <= `1`"), "'<=' not supported between instances of 'str' and 'int'")
  })
})
