import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readJson } from '../../client/json/read.ts'
import { writeJson } from '../../client/json/write.ts'
import { formatText } from '../output/text.ts'
import { compile } from './compile.ts'
import { QueryError } from './query-error.ts'

const found = (expression: string, json: string): string =>
  writeJson(compile(expression).search(readJson(json)))

/** The message of the error with which an expression ends, when it is read or when it is applied. */
function refusal(expression: string, json = 'null'): string {
  try {
    found(expression, json)
  } catch (error) {
    assert.ok(error instanceof QueryError, String(error))
    return error.message
  }
  assert.fail(`${expression} is taken`)
}

type Row = readonly [expression: string, result: string]

function gives(json: string, rows: readonly Row[]): void {
  for (const [expression, result] of rows)
    it(`${expression} of ${json} is ${result}`, () => assert.equal(found(expression, json), result))
}

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

describe('a function', () => {
  const json =
    '{"n": [3, 1, 2], "f": [1.5, 2], "t": ["b", "a", "é"], "e": [], "o": {"b": 1, "a": {"c": 2}}, "p": [{"k": "y", "v": 2}, {"k": "x", "v": 3}, {"k": "z", "v": 1}], "s": "añb"}'
  gives(json, [
    ['abs(`-5`)', '5'],
    ['abs(`5`)', '5'],
    ['abs(`-5.5`)', '5.5'],
    ['abs(`-123456789012345678901`)', '123456789012345678901'],
    ['avg(n)', '2.0'],
    ['avg(f)', '1.75'],
    ['avg(e)', 'null'],
    ['ceil(`1.2`)', '2'],
    ['ceil(`-1.2`)', '-1'],
    ['ceil(`7`)', '7'],
    ['floor(`1.8`)', '1'],
    ['floor(`-1.2`)', '-2'],
    ['floor(`1e20`)', '100000000000000000000'],
    ['contains(n, `2`)', 'true'],
    ['contains(n, `2.0`)', 'true'],
    ['contains(n, `4`)', 'false'],
    ["contains(s, 'ñb')", 'true'],
    ["contains(s, 'ba')", 'false'],
    ["starts_with(s, 'añ')", 'true'],
    ["starts_with(s, 'b')", 'false'],
    ["ends_with(s, 'ñb')", 'true'],
    ["ends_with(s, 'a')", 'false'],
    ["join('-', t)", '"b-a-é"'],
    ["join(', ', e)", '""'],
    ['keys(o)', '["b", "a"]'],
    ['values(o)', '[1, {"c": 2}]'],
    ['length(s)', '3'],
    ["length('😀')", '1'],
    ['length(n)', '3'],
    ['length(o)', '2'],
    ['length(e)', '0'],
    ['map(&v, p)', '[2, 3, 1]'],
    ['map(&missing, p)', '[null, null, null]'],
    ['max(n)', '3'],
    ['max(t)', '"é"'],
    ['max(f)', '2'],
    ['max(e)', 'null'],
    ['min(n)', '1'],
    ['min(t)', '"a"'],
    ['min(e)', 'null'],
    ['max_by(p, &v).k', '"x"'],
    ['max_by(p, &k).v', '1'],
    ['min_by(p, &v).k', '"z"'],
    ['min_by(p, &k).v', '3'],
    ['max_by(e, &v)', 'null'],
    ['max_by(`[{"v": 1, "i": 1}, {"v": 1, "i": 2}]`, &v).i', '1'],
    ['min_by(`[{"v": 1, "i": 1}, {"v": 1, "i": 2}]`, &v).i', '1'],
    ['merge(o, `{"b": 2, "z": 3}`)', '{"b": 2, "a": {"c": 2}, "z": 3}'],
    ['merge(o)', '{"b": 1, "a": {"c": 2}}'],
    ["not_null(missing, `null`, s, 'x')", '"añb"'],
    ['not_null(missing)', 'null'],
    ['reverse(n)', '[2, 1, 3]'],
    ['reverse(s)', '"bña"'],
    ['sort(n)', '[1, 2, 3]'],
    ['sort(t)', '["a", "b", "é"]'],
    ['sort(`["\\uff5e", "\\ud83d\\ude00"]`)[1] == \'😀\'', 'true'],
    ['sort_by(p, &v)[*].k', '["z", "y", "x"]'],
    ['sort_by(p, &k)[*].v', '[3, 2, 1]'],
    ['sort_by(e, &k)', '[]'],
    ['n', '[3, 1, 2]'],
    ['sum(n)', '6'],
    ['sum(f)', '3.5'],
    ['sum(e)', '0'],
    ['sum(`[9007199254740991, 2]`)', '9007199254740993'],
    ['to_array(n)', '[3, 1, 2]'],
    ['to_array(s)', '["añb"]'],
    ['to_array(missing)', '[null]'],
    ["to_number('12')", '12'],
    ["to_number(' 1_000 ')", '1000'],
    ["to_number('1.50')", '1.5'],
    ["to_number('-.5')", '-0.5'],
    ["to_number('1_0.5')", '10.5'],
    ["to_number('5.')", '5.0'],
    ["to_number('+2e3')", '2000.0'],
    ["to_number('1e-3x')", 'null'],
    ["to_number('one')", 'null'],
    ["to_number('')", 'null'],
    ['to_number(`7.5`)', '7.5'],
    ['to_number(n)', 'null'],
    ['to_number(`true`)', 'null'],
    ['to_string(s)', '"añb"'],
    ['to_string(`5.0`)', '"5.0"'],
    ['to_string(o)', '"{\\"b\\":1,\\"a\\":{\\"c\\":2}}"'],
    ['to_string([s, `null`, `true`])', '"[\\"a\\\\u00f1b\\",null,true]"'],
    ['to_string(`{"é": 1}`)', '"{\\"\\\\u00e9\\":1}"'],
    ['type(s)', '"string"'],
    ['type(`1`)', '"number"'],
    ['type(`1.5`)', '"number"'],
    ['type(`true`)', '"boolean"'],
    ['type(n)', '"array"'],
    ['type(o)', '"object"'],
    ['type(missing)', '"null"'],
    ['p[?contains(k, `x`)].v', '[3]'],
    ['length(p[?v > `1`])', '2'],
    ['p | length(@)', '3'],
    ['p[*].length(k)', '[1, 1, 1]'],
    ['[length(n), length(t)]', '[3, 3]'],
  ])
  it('makes the numbers of a text that JSON has no digits for', () => {
    for (const [text, shown] of [
      ['inf', 'inf'],
      ['-Infinity', '-inf'],
      ['+INF', 'inf'],
      ['NaN', 'nan'],
      ['-nan', 'nan'],
    ] as const)
      assert.equal(formatText(compile(`to_number('${text}')`).search(null)), `${shown}\n`)
    for (const text of ['infi', 'xinf', 'inf1'])
      assert.equal(compile(`to_number('${text}')`).search(null), null)
  })
  for (const [expression, message] of [
    ['nothing(@)', 'Unknown function: nothing()'],
    ['toString(@)', 'Unknown function: toString()'],
    ['length()', 'Expected 1 argument for function length(), received 0'],
    ['length(@, @)', 'Expected 1 argument for function length(), received 2'],
    ["join('a')", 'Expected 2 arguments for function join(), received 1'],
    ['merge()', 'Expected at least 1 argument for function merge(), received 0'],
    [
      'abs(s)',
      'In function abs(), invalid type for value: añb, expected one of: [\'number\'], received: "string"',
    ],
    [
      'length(`5`)',
      "In function length(), invalid type for value: 5, expected one of: ['string', 'array', 'object'], received: \"number\"",
    ],
    [
      'length(`true`)',
      "In function length(), invalid type for value: True, expected one of: ['string', 'array', 'object'], received: \"boolean\"",
    ],
    [
      'keys(n)',
      'In function keys(), invalid type for value: [3, 1, 2], expected one of: [\'object\'], received: "array"',
    ],
    [
      'values(missing)',
      'In function values(), invalid type for value: None, expected one of: [\'object\'], received: "null"',
    ],
    [
      'sum(t)',
      'In function sum(), invalid type for value: b, expected one of: [\'array-number\'], received: "str"',
    ],
    [
      "join('', n)",
      'In function join(), invalid type for value: 3, expected one of: [\'array-string\'], received: "int"',
    ],
    [
      "join('', f)",
      'In function join(), invalid type for value: 1.5, expected one of: [\'array-string\'], received: "float"',
    ],
    [
      'sort(`[1, "a"]`)',
      "In function sort(), invalid type for value: a, expected one of: ['array-string', 'array-number'], received: \"str\"",
    ],
    [
      'sort(`["a", 1]`)',
      "In function sort(), invalid type for value: 1, expected one of: ['array-string', 'array-number'], received: \"int\"",
    ],
    [
      'max(`[null]`)',
      "In function max(), invalid type for value: None, expected one of: ['array-number', 'array-string'], received: \"NoneType\"",
    ],
    [
      'sum(`[true]`)',
      'In function sum(), invalid type for value: True, expected one of: [\'array-number\'], received: "bool"',
    ],
    [
      'sum(`[[1]]`)',
      'In function sum(), invalid type for value: [1], expected one of: [\'array-number\'], received: "list"',
    ],
    [
      'sum(`[{}]`)',
      'In function sum(), invalid type for value: {}, expected one of: [\'array-number\'], received: "dict"',
    ],
    [
      'sort_by(p, &missing)',
      "In function sort_by(), invalid type for value: {'k': 'y', 'v': 2}, expected one of: ['string', 'number'], received: \"null\"",
    ],
    [
      'sort_by(`[{"v": 1}, {"v": "a"}]`, &v)',
      'In function sort_by(), invalid type for value: a, expected one of: [\'number\'], received: "string"',
    ],
    [
      'sort_by(`[{"v": "a"}, {"v": 1}]`, &v)',
      'In function sort_by(), invalid type for value: 1, expected one of: [\'string\'], received: "number"',
    ],
    [
      'max_by(p, &missing)',
      "In function max_by(), invalid type for value: None, expected one of: ['number', 'string'], received: \"null\"",
    ],
    [
      'min_by(p, &@)',
      "In function min_by(), invalid type for value: {'k': 'y', 'v': 2}, expected one of: ['number', 'string'], received: \"object\"",
    ],
    [
      'max_by(p, k)',
      'In function max_by(), invalid type for value: None, expected one of: [\'expref\'], received: "null"',
    ],
    [
      'length(&a)',
      "In function length(), invalid type for value: an expression, expected one of: ['string', 'array', 'object'], received: \"expref\"",
    ],
    [
      'merge(o, n)',
      'In function merge(), invalid type for value: [3, 1, 2], expected one of: [\'object\'], received: "array"',
    ],
    ['contains(s, `5`)', "'in <string>' requires string as left operand, not int"],
    ['contains(s, n)', "'in <string>' requires string as left operand, not list"],
    ["ceil(to_number('nan'))", 'cannot convert float NaN to integer'],
    ["floor(to_number('inf'))", 'cannot convert float infinity to integer'],
    ['max_by(`[{"v": 1}, {"v": "a"}]`, &v)', "'>' not supported between instances of 'str' and 'int'"],
    ['min_by(`[{"v": 1}, {"v": "a"}]`, &v)', "'<' not supported between instances of 'str' and 'int'"],
  ] as const)
    it(`${expression} is refused: ${message}`, () => assert.equal(refusal(expression, json), message))
})

describe('an expression that cannot be read', () => {
  for (const [expression, ...lines] of [
    ['', 'Invalid JMESPath expression: cannot be empty.'],
    [
      'a b',
      'Unexpected token: b: Parse error at column 2, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"a b"',
      '   ^',
    ],
    [
      'a.',
      "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: eof: Parse error at column 2, token \"\" (EOF), for expression:",
      '"a."',
      '   ^',
    ],
    ['a ||', 'Invalid jmespath expression: Incomplete expression:', '"a ||"', '     ^'],
    [
      'a[*]!b',
      'syntax error: Parse error at column 4, token "!" (NOT), for expression:',
      '"a[*]!b"',
      '     ^',
    ],
    ['a[', 'Invalid jmespath expression: Incomplete expression:', '"a["', '   ^'],
    ['(a', 'Invalid jmespath expression: Incomplete expression:', '"(a"', '   ^'],
    ['[a', 'Invalid jmespath expression: Incomplete expression:', '"[a"', '   ^'],
    ['{a', 'Invalid jmespath expression: Incomplete expression:', '"{a"', '   ^'],
    ['{', 'Invalid jmespath expression: Incomplete expression:', '"{"', '  ^'],
    ['a =', "Bad jmespath expression: Unknown token '=':", 'a =', '  ^'],
    ['a-b', "Bad jmespath expression: Unknown token '-':", 'a-b', ' ^'],
    ['a#', 'Bad jmespath expression: Unknown token #:', 'a#', ' ^'],
    ['a😀', 'Bad jmespath expression: Unknown token 😀:', 'a😀', ' ^'],
    ["'a", "Bad jmespath expression: Unclosed ' delimiter:", "'a", '^'],
    ["a.'b\\'", "Bad jmespath expression: Unclosed ' delimiter:", "a.'b\\'", '  ^'],
    ['"a', 'Bad jmespath expression: Unclosed " delimiter:', '"a', '^'],
    ['`a', 'Bad jmespath expression: Unclosed ` delimiter:', '`a', '^'],
    ['`a"`', 'Bad jmespath expression: Bad token a":', '`a"`', '^'],
    ['a."\\x"', 'Bad jmespath expression: Invalid \\escape:', 'a."\\x"', '  ^'],
    [']', 'invalid token: Parse error at column 0, token "]" (RBRACKET), for expression:', '"]"', ' ^'],
    [
      'a == == b',
      'invalid token: Parse error at column 5, token "==" (EQ), for expression:',
      '"a == == b"',
      '      ^',
    ],
    [
      'a{b: c}',
      'invalid token: Parse error at column 1, token "{" (LBRACE), for expression:',
      '"a{b: c}"',
      '  ^',
    ],
    [
      'a.5',
      "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: number: Parse error at column 2, token \"5\" (NUMBER), for expression:",
      '"a.5"',
      '   ^',
    ],
    [
      'a[b]',
      'Expecting: star, got: unquoted_identifier: Parse error at column 2, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"a[b]"',
      '   ^',
    ],
    [
      'a[*.b',
      'Expecting: rbracket, got: dot: Parse error at column 3, token "." (DOT), for expression:',
      '"a[*.b"',
      '    ^',
    ],
    [
      '[1 2]',
      'Expecting: rbracket, got: number: Parse error at column 3, token "2" (NUMBER), for expression:',
      '"[1 2]"',
      '    ^',
    ],
    [
      '[a b]',
      'Expecting: comma, got: unquoted_identifier: Parse error at column 3, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"[a b]"',
      '    ^',
    ],
    [
      '[1:2:3:4]',
      'syntax error: Parse error at column 6, token ":" (COLON), for expression:',
      '"[1:2:3:4]"',
      '       ^',
    ],
    [
      '[1:a]',
      'syntax error: Parse error at column 3, token "a" (UNQUOTED_IDENTIFIER), for expression:',
      '"[1:a]"',
      '    ^',
    ],
    [
      '{5: a}',
      "Expecting: ['quoted_identifier', 'unquoted_identifier'], got: number: Parse error at column 1, token \"5\" (NUMBER), for expression:",
      '"{5: a}"',
      '  ^',
    ],
    [
      '{a b}',
      'Expecting: colon, got: unquoted_identifier: Parse error at column 3, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"{a b}"',
      '    ^',
    ],
    [
      '"a"(b)',
      'Quoted identifier not allowed for function names.: Parse error at column 0, token "(" (LPAREN), for expression:',
      '"\\"a\\"(b)"',
      ' ^',
    ],
    [
      "'a'(b)",
      'Invalid function name \'a\': Parse error at column 0, token "a" (LITERAL), for expression:',
      '"\'a\'(b)"',
      ' ^',
    ],
    [
      'a[*]b',
      'Unexpected token: b: Parse error at column 4, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"a[*]b"',
      '     ^',
    ],
  ] as const)
    it(`${expression} is refused: ${lines[0]}`, () =>
      assert.equal(refusal(expression), lines.join('\n').replaceAll('\\"a\\"(b)', '"a"(b)')))

  it('may be nested two hundred deep, and no deeper', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}@${')'.repeat(depth)}`
    assert.equal(found(nested(199), '1'), '1')
    assert.match(refusal(nested(200)), /^nested too deeply: /)
    // What stands side by side is not nested.
    assert.equal(found(Array.from({ length: 300 }, () => '@').join(' || '), '1'), '1')
  })

  it('gives no expression as a value', () =>
    assert.equal(refusal('&a'), 'an expression after & can only be given to a function'))
})
