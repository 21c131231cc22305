import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  boolean,
  double,
  float,
  integer,
  list,
  long,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../../model/shape.ts'
import { MalformedJson } from './malformed-json.ts'
import { readJson } from './read-json.ts'

const shape = structure({
  text: required(string({ lengthMin: 5 })),
  isOn: optional(boolean()),
  count: optional(integer({ max: 1 })),
  size: optional(long()),
  rate: optional(float()),
  share: optional(double()),
  at: optional(timestamp()),
  names: optional(list(string())),
  boxes: optional(list(structure({ label: optional(string()), sizes: optional(list(integer())) }))),
  box: optional(structure({ label: optional(string()) })),
})

const read = (text: string, isStrict?: boolean) =>
  readJson(shape, Buffer.from(text), isStrict === undefined ? {} : { isStrict })

/** The message of the refusal. */
function refusal(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error
    return error.message
  }
}

describe('a body in JSON', () => {
  const taken: readonly (readonly [text: string, value: object])[] = [
    ['', {}],
    ['{}', {}],
    [' {"text": ""}\n', { text: '' }],
    [
      '{"isOn": false, "count": 7, "size": -9007199254740991}',
      { isOn: false, count: 7, size: -9007199254740991 },
    ],
    ['{"rate": 0.5, "share": -1e300}', { rate: 0.5, share: -1e300 }],
    ['{"at": 0}', { at: 0 }],
    ['{"at": 1.2345}', { at: 1235 }],
    ['{"at": -8640000000000}', { at: -8_640_000_000_000_000 }],
    ['{"names": []}', { names: [] }],
    ['{"names": ["a", "b"]}', { names: ['a', 'b'] }],
    [
      '{"boxes": [{"label": "a"}, {"sizes": [1, 2]}, {}]}',
      { boxes: [{ label: 'a' }, { sizes: [1, 2] }, {}] },
    ],
    ['{"box": {"label": "a"}}', { box: { label: 'a' } }],
    // What is null is absent, and what is not known is passed over, at every depth.
    ['{"text": null, "box": {"label": null, "more": 1}, "more": {"a": [1]}}', { box: {} }],
    ['{"text": "a", "text": "b"}', { text: 'b' }],
  ]
  for (const [text, value] of taken) it(`is read: ${text}`, () => assert.deepEqual({ ...read(text) }, value))

  const refused: readonly (readonly [text: string, message: string])[] = [
    ['[]', 'the body must be a JSON object, got a list'],
    ['null', 'the body must be a JSON object, got null'],
    ['"a"', 'the body must be a JSON object, got a string'],
    ['7', 'the body must be a JSON object, got a number'],
    ['{', 'the body must be JSON'],
    ['{"text": 7}', 'text must be a string, got a number'],
    ['{"text": {}}', 'text must be a string, got an object'],
    ['{"isOn": "true"}', 'isOn must be true or false, got a string'],
    ['{"count": 1.5}', 'count must be a whole number, got a number'],
    ['{"count": 9007199254740993}', 'count must be a whole number, got a number'],
    ['{"count": "1"}', 'count must be a whole number, got a string'],
    ['{"size": true}', 'size must be a whole number, got a boolean'],
    ['{"rate": 1e400}', 'rate must be a number, got a number'],
    ['{"rate": "1"}', 'rate must be a number, got a string'],
    ['{"share": []}', 'share must be a number, got a list'],
    ['{"at": "2026-01-01"}', 'at must be a number of epoch seconds, got a string'],
    ['{"at": 8640000000001}', 'at must be a number of epoch seconds, got a number'],
    ['{"at": -8640000000001}', 'at must be a number of epoch seconds, got a number'],
    ['{"names": {}}', 'names must be a list, got an object'],
    ['{"names": ["a", 7]}', 'names[1] must be a string, got a number'],
    ['{"names": [null]}', 'names[0] must be a string, got null'],
    ['{"box": []}', 'box must be an object, got a list'],
    ['{"boxes": [{"sizes": [1, "2"]}]}', 'boxes[0].sizes[1] must be a whole number, got a string'],
  ]
  for (const [text, message] of refused)
    it(`is refused: ${text}`, () =>
      assert.equal(
        refusal(() => read(text)),
        message,
      ))

  it('is refused when it is not UTF-8', () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    assert.equal(
      refusal(() => readJson(shape, body)),
      'the body must be UTF-8',
    )
  })

  it('nests 32 deep at most, brackets in texts not counted', () => {
    const nested = (depth: number) => `{"more": ${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    assert.deepEqual({ ...read(nested(32)) }, {})
    assert.equal(
      refusal(() => read(nested(33))),
      'the body must not nest deeper than 32',
    )
    assert.equal(
      refusal(() => read(`{"more": ${'{"a":'.repeat(40)}`)),
      'the body must not nest deeper than 32',
    )
    const text = `${'[{'.repeat(50)}\\" [ \\\\`
    assert.equal(String(read(`{"text": "${text}"}`).text), JSON.parse(`"${text}"`))
    // What is closed does not count.
    assert.deepEqual({ ...read(`{"more": [${'[[]],'.repeat(50)}{}]}`) }, {})
    assert.equal(
      refusal(() => read(`{"text": "\\\\", "more": ${'['.repeat(40)}`)),
      'the body must not nest deeper than 32',
    )
  })

  it('has nothing unknown and no null where that is refused', () => {
    const known = Object.keys(shape.members).join(', ')
    const table: readonly (readonly [text: string, message: string | null])[] = [
      ['{"text": "a", "boxes": [{"label": "a"}]}', null],
      ['{"text": 7}', 'text must be a string, got a number'],
      ['{"txt": 1}', `"txt" is no member of the input, which has ${known}`],
      ['{"toString": 1}', `"toString" is no member of the input, which has ${known}`],
      [`{"${'x'.repeat(101)}": 1}`, `"${'x'.repeat(100)}" is no member of the input, which has ${known}`],
      ['{"box": {"size": 1}}', '"size" is no member of box, which has label'],
      ['{"boxes": [{}, {"x": 1}]}', '"x" is no member of boxes[1], which has label, sizes'],
      ['{"text": null}', 'text is null: what is not meant is left out'],
      ['{"box": {"label": null}}', 'box.label is null: what is not meant is left out'],
      ['{"names": ["a", null]}', 'names[1] is null: what is not meant is left out'],
      ['{"boxes": {"x": 1}}', 'boxes must be a list, got an object'],
    ]
    for (const [text, message] of table)
      assert.equal(
        refusal(() => read(text, true)),
        message,
        text,
      )
  })
})
