import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { integer, list, optional, string, structure, timestamp } from '../model/shape.ts'
import { ClientError } from './errors.ts'
import { parseFault, parseOutput } from './parse-response.ts'
import { writeJson } from './json/write.ts'

const fault = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
  parseFault({ status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) })

describe('an error response', () => {
  const table: readonly (readonly [status: number, body: string, code: string, reason: string])[] = [
    [400, '{"__type": "a.b#NotFound", "message": "m"}', 'NotFound', 'm'],
    [400, '{"__type": "NotFound:http://x#y", "message": "m"}', 'NotFound', 'm'],
    [400, '{"__type": "NotFound", "Message": "M"}', 'NotFound', 'M'],
    [400, '{"__type": "NotFound", "message": "m", "Message": "M"}', 'NotFound', 'm'],
    [400, '{"__type": "NotFound", "message": null, "Message": "M"}', 'NotFound', 'None'],
    [400, '{"__type": "NotFound"}', 'NotFound', ''],
    [400, '{"__type": null, "message": "m"}', '', 'm'],
    [400, '{"__type": 7}', '7', ''],
    [404, '{"message": "m"}', '404', 'm'],
    [404, '{}', '404', ''],
    [404, '', '404', ''],
    [404, 'no JSON', '404', 'no JSON'],
    [404, '[1]', '404', '[1]'],
    [404, '"text"', '404', '"text"'],
    [300, '{"__type": "NotFound", "message": "m"}', 'Unknown', 'Unknown'],
    [301, '{"__type": "Moved"}', 'Moved', ''],
    [500, '', '500', 'Internal Server Error'],
    [501, ' \n', '501', 'Not Implemented'],
    [502, '<html>x', '502', 'Bad Gateway'],
    [503, ' <html>', '503', 'Service Unavailable'],
    [504, '', '504', 'Gateway Timeout'],
    [505, '', '505', 'HTTP Version Not Supported'],
    [506, '', '506', 'Variant Also Negotiates'],
    [507, '', '507', 'Insufficient Storage'],
    [508, '', '508', 'Loop Detected'],
    [509, '', '509', ''],
    [510, '', '510', 'Not Extended'],
    [511, '', '511', 'Network Authentication Required'],
    [499, '<html>x', '499', '<html>x'],
    [500, '{"__type": "Busy", "message": "m"}', 'Busy', 'm'],
  ]
  for (const [status, body, code, reason] of table)
    it(`${status} with ${JSON.stringify(body)} is ${code || 'of no code'}: ${reason}`, () =>
      assert.deepEqual(fault(status, body), { code, reason }))

  it('tells the code of the query protocol where its service came from there', () => {
    const body = '{"__type": "New", "message": "m"}'
    const code = (header: string) => fault(400, body, { 'x-amzn-query-error': header }).code
    assert.deepEqual(['Old;Sender', 'Old;', ';Sender', 'Old', 'Old;Sender;x', ''].map(code), [
      'Old',
      'Old',
      'New',
      'New',
      'New',
      'New',
    ])
    assert.equal(fault(400, '{"__type": null}', { 'x-amzn-query-error': 'Old;Sender' }).code, '')
  })

  it('has the hint of a Lugsail server, where it is a text', () => {
    assert.equal(fault(400, '{"hint": "try"}').hint, 'try')
    assert.equal('hint' in fault(400, '{"hint": 7}'), false)
  })
})

const shape = structure({
  name: optional(string()),
  count: optional(integer()),
  at: optional(timestamp()),
  items: optional(
    list(structure({ key: optional(string()), at: optional(timestamp()) }, { name: 'Item' }), {
      name: 'Items',
    }),
  ),
  names: optional(list(string(), { name: 'Names' })),
})

/** The output as JSON, or the error. */
function output(body: string, style: 'wire' | 'iso8601' = 'wire'): unknown {
  try {
    return JSON.parse(writeJson(parseOutput(Buffer.from(body), shape, style)))
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    return error.message
  }
}

describe('the output of a call', () => {
  const table: readonly (readonly [body: string, output: unknown])[] = [
    ['', {}],
    ['{}', {}],
    ['{"count": 1, "name": "a", "more": 2}', { name: 'a', count: 1 }],
    ['{"name": null}', {}],
    ['{"name": 7}', { name: 7 }],
    ['{"items": [{"key": "a", "x": 1}, null, {}]}', { items: [{ key: 'a' }, null, {}] }],
    ['{"names": "ab"}', { names: ['a', 'b'] }],
    ['{"names": {"a": 1, "b": 2}}', { names: ['a', 'b'] }],
    ['{"names": 7}', 'Unable to parse response: Names must be a list, got 7'],
    ['{"items": ["a"]}', 'Unable to parse response: Item must be an object, got a'],
    ['[]', 'Unable to parse response: the output must be an object, got []'],
    ['null', 'Unable to parse response: the output must be an object, got None'],
    ['no JSON', {}],
    [
      `"${'x'.repeat(200)}"`,
      `Unable to parse response: the output must be an object, got ${'x'.repeat(100)}`,
    ],
  ]
  for (const [body, expected] of table)
    it(`is read: ${body.slice(0, 60)}`, () => assert.deepEqual(output(body), expected))

  it('keeps the order of the description', () =>
    assert.deepEqual(
      [...parseOutput(Buffer.from('{"count": 1, "name": "a"}'), shape, 'wire').keys()],
      ['name', 'count'],
    ))

  it('has its times as they came, or in ISO 8601', () => {
    const body = '{"at": 1.5, "items": [{"at": 0}]}'
    assert.deepEqual(output(body), { at: 1.5, items: [{ at: 0 }] })
    const iso = output(body, 'iso8601') as { at: string; items: { at: string }[] }
    assert.match(iso.at, /^1970-01-01T00:00:01\.500000/)
    assert.match(iso.items[0]?.at ?? '', /^1970-01-01T00:00:00/)
    assert.match(
      String(output('{"at": "some day"}', 'iso8601')),
      /^Invalid timestamp "some day": .*some day$/,
    )
    assert.deepEqual(output('{"at": "some day"}'), { at: 'some day' })
  })

  it('is UTF-8', () =>
    assert.throws(() => parseOutput(Buffer.from([0x22, 0xff, 0x22]), shape, 'wire'), {
      message: 'Unable to parse response: it is not UTF-8',
    }))
})
