import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { integer, list, optional, string, structure, timestamp } from '../model/shape.ts'
import { serializeInput } from './serialize.ts'
import { Float, isInteger, isNothing, toInteger, type WireValue } from './values.ts'

const shape = structure({
  at: optional(timestamp()),
  times: optional(list(timestamp())),
  inner: optional(list(structure({ at: optional(timestamp()), name: optional(string()) }))),
  name: optional(string()),
  count: optional(integer()),
})
const sent = (members: Readonly<Record<string, WireValue>>): string =>
  serializeInput(new Map(Object.entries(members)), shape).toString()

describe('parameters as they are sent', () => {
  it('have times as whole seconds, wherever they stand', () => {
    assert.equal(
      sent({
        at: '2030-01-01T00:00:00.900Z',
        times: ['1970-01-01T00:00:01Z', 5],
        inner: [new Map([['at', '1969-12-31T23:59:59.5Z']])],
      }),
      '{"at": 1893456000, "times": [1, 5], "inner": [{"at": -1}]}',
    )
  })

  it('go as they are otherwise, also what the service will refuse', () => {
    assert.equal(
      sent({
        name: '2030-01-01',
        count: new Float(5),
        at: 'no time',
        times: 'x',
        inner: [7],
        other: [true, null],
      }),
      '{"name": "2030-01-01", "count": 5.0, "at": "no time", "times": "x", "inner": [7], "other": [true, null]}',
    )
    assert.equal(sent({}), '{}')
  })

  it('are ASCII', () => assert.equal(sent({ name: 'ä😀' }), '{"name": "\\u00e4\\ud83d\\ude00"}'))
})

describe('a value', () => {
  it('is nothing where Python takes it for false', () => {
    const nothing: readonly WireValue[] = [null, false, '', 0, new Float(0), new Float(-0), [], new Map()]
    const something: readonly WireValue[] = [
      ...[true, ' ', '0', 1, -1, 10n ** 20n, new Float(0.1), [null], new Map([['', null]])],
      new Uint8Array(1),
    ]
    assert.deepEqual(nothing.filter(isNothing), nothing)
    assert.deepEqual(something.filter(isNothing), [])
  })

  it('is an integer of any size, and none where it was written with a fraction', () => {
    assert.deepEqual([7, 10n ** 20n, new Float(7), '7', undefined].map(isInteger), [
      true,
      true,
      false,
      false,
      false,
    ])
    assert.equal(toInteger('-9007199254740991'), -9_007_199_254_740_991)
    assert.equal(toInteger('-9007199254740992'), -9_007_199_254_740_992n)
  })
})
