import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { notation } from '../../client/python-text.ts'
import {
  boolean,
  double,
  float,
  integer,
  list,
  long,
  map,
  optional,
  string,
  structure,
  type Shape,
} from '../../model/shape.ts'
import type { ArgumentValue } from '../grammar/argument.ts'
import { parseInteger } from './numbers.ts'
import { unpackParameter } from './unpack.ts'

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'lugsail-unpack-'))
  writeFileSync(join(folder, 'text'), 'a\r\nb')
  writeFileSync(join(folder, 'json'), ' {"a": "x"}')
  writeFileSync(join(folder, 'list'), '["x"]')
  writeFileSync(join(folder, 'number'), '7')
  writeFileSync(join(folder, 'bytes'), Buffer.from([0xff, 0x00]))
})
after(() => rmSync(folder, { recursive: true }))

/** The value in Python's notation, or the error; FOLDER stands for the folder of the test. */
async function outcome(typed: ArgumentValue, shape: Shape, fetchText?: (url: string) => Promise<string>) {
  const withFolder = (text: string): string => text.replace('FOLDER', folder)
  const words = Array.isArray(typed)
    ? typed.map(String).map(withFolder)
    : typeof typed === 'string'
      ? withFolder(typed)
      : typed
  try {
    return notation(await unpackParameter('--x', words, shape, { env: { HOME: folder }, fetchText }))
  } catch (error) {
    assert.ok(error instanceof Error)
    return error.message.replaceAll(folder, 'FOLDER')
  }
}

const BOX = structure({
  a: optional(string()),
  n: optional(integer()),
  on: optional(boolean()),
  l: optional(list(string())),
})
const PARSING = 'Error parsing parameter'

describe('the value of a parameter', () => {
  const table: readonly (readonly [typed: ArgumentValue, shape: Shape, value: string])[] = [
    [true, boolean(), 'True'],
    [7, integer(), '7'],
    ['x', string(), "'x'"],
    ['', string(), "''"],
    ['7', integer(), '7'],
    ['+7', long(), '7'],
    ['1_000', long(), '1000'],
    ['9007199254740993', long(), '9007199254740993'],
    ['7.5', float(), '7.5'],
    ['7', double(), '7.0'],
    ['1e3', double(), '1000.0'],
    [['a', 'b'], list(string()), "['a', 'b']"],
    [['a'], list(string()), "['a']"],
    [['["a", "b"]'], list(string()), "['a', 'b']"],
    ['["a"]', list(string()), "['a']"],
    [['1', '2'], list(integer()), '[1, 2]'],
    [[], list(string()), '[]'],
    ['a=x,n=7,on=true', BOX, "{'a': 'x', 'n': 7, 'on': True}"],
    ['{"a": "x"}', BOX, "OrderedDict([('a', 'x')])"],
    [['a=x', 'a=y'], list(BOX), "[{'a': 'x'}, {'a': 'y'}]"],
    [['{"a": "x"}', ' {"a": "y"}'], list(BOX), "[OrderedDict([('a', 'x')]), OrderedDict([('a', 'y')])]"],
    [['[{"a": "x"}]'], list(BOX), "[OrderedDict([('a', 'x')])]"],
    ['file://FOLDER/text', string(), "'a\\nb'"],
    ['file://~/text', string(), "'a\\nb'"],
    ['file://FOLDER/number', integer(), '7'],
    ['file://FOLDER/json', BOX, "OrderedDict([('a', 'x')])"],
    [['file://FOLDER/list'], list(string()), "['x']"],
    ['fileb://FOLDER/bytes', string(), "b'\\xff\\x00'"],
    ['fileb://FOLDER/json', BOX, "OrderedDict([('a', 'x')])"],
    ['http://a', string(), "'http://a'"],
  ]
  for (const [typed, shape, value] of table)
    it(`${JSON.stringify(typed)} of a ${shape.type} is ${value}`, async () =>
      assert.equal(await outcome(typed, shape), value))

  const refused: readonly (readonly [typed: ArgumentValue, shape: Shape, beginning: string])[] = [
    ['x', integer(), `${PARSING} '--x': invalid literal for int() with base 10: 'x'`],
    ['1.5', long(), `${PARSING} '--x': invalid literal for int() with base 10: '1.5'`],
    ['x', double(), `${PARSING} '--x': could not convert string to float: 'x'`],
    [' ', double(), `${PARSING} '--x': could not convert string to float: ' '`],
    ['{', BOX, `${PARSING} '--x': Invalid JSON:`],
    ['["a"]', BOX, `${PARSING} '--x': Invalid JSON:\n["a"]`],
    [['[1'], list(string()), `${PARSING} '--x': Invalid JSON:`],
    ['a', list(string()), `${PARSING} '--x': Invalid JSON: expected a list, as ["a", "b"]\nJSON received: a`],
    [['{"a": "x"}', 'a=y'], list(BOX), `${PARSING} '--x': Invalid JSON:\na=y`],
    ['a', BOX, `${PARSING} '--x': Expected: '=', received: 'EOF'`],
    [
      'file://FOLDER/none',
      string(),
      `${PARSING} '--x': Unable to load paramfile file://FOLDER/none: [Errno 2] No such file or directory: 'FOLDER/none'`,
    ],
    [
      'file://FOLDER/bytes',
      string(),
      `${PARSING} '--x': Unable to load paramfile (FOLDER/bytes), text contents could not be decoded.`,
    ],
    ['fileb://FOLDER/bytes', BOX, `${PARSING} '--x': the content of a fileb:// value must be JSON here`],
    [
      'fileb://FOLDER/text',
      list(string()),
      `${PARSING} '--x': the content of a fileb:// value must be JSON here`,
    ],
  ]
  for (const [typed, shape, beginning] of refused)
    it(`${JSON.stringify(typed)} of a ${shape.type} is refused: ${beginning}`, async () => {
      const message = await outcome(typed, shape)
      assert.ok(message.startsWith(beginning), message)
    })

  it('is fetched where it is a URL and that is wanted', async () => {
    const fetched: string[] = []
    const fetchText = (url: string) => {
      fetched.push(url)
      return url.endsWith('bad') ? Promise.reject(new Error('gone')) : Promise.resolve('7')
    }
    assert.equal(await outcome('http://a', integer(), fetchText), '7')
    assert.equal(
      await outcome(['https://a'], list(integer()), fetchText),
      `${PARSING} '--x': Invalid JSON: expected a list, as ["a", "b"]\nJSON received: 7`,
    )
    assert.equal(
      await outcome('http://bad', string(), fetchText),
      `${PARSING} '--x': Unable to retrieve http://bad: gone`,
    )
    assert.equal(await outcome('ftp://a', string(), fetchText), "'ftp://a'")
    assert.equal(
      await outcome(['http://a', 'http://b'], list(string()), fetchText),
      "['http://a', 'http://b']",
    )
    assert.deepEqual(fetched, ['http://a', 'https://a', 'http://bad'])
    assert.equal(
      await outcome('x', map()),
      `${PARSING} '--x': Expected: '=', received: 'EOF' for input:\nx\n ^`,
    )
  })
})

describe('an integer', () => {
  it('has digits of any script, a sign, and single underscores', () => {
    const table: readonly (readonly [text: string, value: number | undefined])[] = [
      ['0', 0],
      [' 12 ', 12],
      ['-1_2', -12],
      ['+1', 1],
      ['٣٤', 34],
      ['９', 9],
      ['1__2', undefined],
      ['_1', undefined],
      ['1_', undefined],
      ['--1', undefined],
      ['', undefined],
      ['1e3', undefined],
      ['0x1', undefined],
    ]
    for (const [text, value] of table) assert.equal(parseInteger(text), value, text)
  })
})
