import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gives, refusal } from '../../../test/cli/query-results.ts'
import { formatText } from '../output/text.ts'
import { compile } from './compile.ts'

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
