import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readJson } from '../../client/json/read.ts'
import { writeJson } from '../../client/json/write.ts'
import { compile } from './compile.ts'
import { QueryError } from './query-error.ts'

const DOCUMENT = readJson(`{
  "name": "photos", "size": 5, "price": 1.0, "empty": [], "none": null, "on": true,
  "tags": [{"key": "b", "value": "2"}, {"key": "a"}, {"key": "c", "value": "10"}],
  "rules": [{"id": "r1", "methods": ["GET", "PUT"]}, {"id": "r2", "methods": []}],
  "nested": [[1, 2], [3], 4], "deep": {"x": {"y": 1}, "z": {"y": 2}}, "a b": "quoted"
}`)

const VALID: readonly (readonly [expression: string, json: string])[] = [
  ['name', '"photos"'],
  ['missing', 'null'],
  ['name.first', 'null'],
  ['"a b"', '"quoted"'],
  ['@.size', '5'],
  ['price', '1.0'],
  ['tags[0].key', '"b"'],
  ['tags[-1].key', '"c"'],
  ['tags[9]', 'null'],
  ['tags[*].value', '["2", "10"]'],
  ['tags[].key', '["b", "a", "c"]'],
  ['tags[1:].key', '["a", "c"]'],
  ['tags[::-1].key', '["c", "a", "b"]'],
  ['tags[:-1].key', '["b", "a"]'],
  ['nested[]', '[1, 2, 3, 4]'],
  ['nested[*][0]', '[1, 3]'],
  ['rules[].methods[]', '["GET", "PUT"]'],
  ['rules[*].methods', '[["GET", "PUT"], []]'],
  ['deep.*.y', '[1, 2]'],
  ['deep.*', '[{"y": 1}, {"y": 2}]'],
  ['name[*]', 'null'],
  ['[name, size]', '["photos", 5]'],
  ['{n: name, s: size}', '{"n": "photos", "s": 5}'],
  ['tags[?key==`a`]', '[{"key": "a"}]'],
  ["tags[?value=='2'].key", '["b"]'],
  ['tags[?!value].key', '["a"]'],
  ["tags[?key=='a' || key=='b'].key", '["b", "a"]'],
  ["tags[?key!='a' && value].key", '["b", "c"]'],
  ['size > `4`', 'true'],
  ['size > none', 'null'],
  ['name == `photos`', 'true'],
  ['`1` == `1.0`', 'true'],
  ['`[1, 2]` == `[1, 2]`', 'true'],
  ['empty || name', '"photos"'],
  ['none || empty', '[]'],
  ['on && name', '"photos"'],
  ['!empty', 'true'],
  ['`0` && name', '"photos"'],
  ['tags | [0].key', '"b"'],
  ['tags[*].key | [0]', '"b"'],
  ['length(tags)', '3'],
  ['length(name)', '6'],
  ['sort_by(tags, &key)[].key', '["a", "b", "c"]'],
  ['max_by(tags, &key).key', '"c"'],
  ['min_by(tags, &key).key', '"a"'],
  ['sort(tags[].key)', '["a", "b", "c"]'],
  ['reverse(tags[].key)', '["c", "a", "b"]'],
  ['reverse(name)', '"sotohp"'],
  ["join('-', tags[].key)", '"b-a-c"'],
  ["contains(name, 'hot')", 'true'],
  ["contains(rules[0].methods, 'PUT')", 'true'],
  ["starts_with(name, 'ph')", 'true'],
  ["ends_with(name, 'x')", 'false'],
  ['keys(deep)', '["x", "z"]'],
  ['values(deep)[].y', '[1, 2]'],
  ['map(&value, tags)', '["2", null, "10"]'],
  ['merge(deep, `{"w": 1}`).w', '1'],
  ['not_null(none, missing, size)', '5'],
  ['type(price)', '"number"'],
  ['type(none)', '"null"'],
  ['to_string(deep.x)', String.raw`"{\"y\":1}"`],
  ["to_number('1.5')", '1.5'],
  ["to_number('x')", 'null'],
  ['to_array(name)', '["photos"]'],
  ['sum(nested[0])', '3'],
  ['avg(nested[0])', '1.5'],
  ['avg(empty)', 'null'],
  ['max(nested[0])', '2'],
  ['abs(`-2`)', '2'],
  ['ceil(`1.2`)', '2'],
  ['floor(`-1.2`)', '-2'],
  ["'raw \\' text'", String.raw`"raw ' text"`],
  ['`"json"`', '"json"'],
  ['`not json`', '"not json"'],
]

const INVALID = [
  '',
  'name.',
  'tags[',
  'tags[?',
  'name name',
  '.name',
  '{a}',
  'tags[a]',
  'size > name',
  '"open',
  'foo(',
  'nope(name)',
  'length()',
  'length(name, name)',
  'length(size)',
  'sort_by(tags, key)',
  'sort_by(tags, &value)',
  'join(name, name)',
  'abs(name)',
  'tags[::0]',
  '=',
  '#',
] as const

describe('queries', () => {
  for (const [expression, json] of VALID)
    test(`${expression} gives ${json}`, () =>
      assert.equal(writeJson(compile(expression).search(DOCUMENT)), json))

  for (const expression of INVALID)
    test(`${expression} is refused`, () =>
      assert.throws(
        () => compile(expression).search(DOCUMENT),
        (error) => error instanceof QueryError && error.message !== '',
      ))
})
