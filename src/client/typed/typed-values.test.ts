import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { double, integer, list, string, structure, timestamp } from '../../model/shape.ts'
import { Float } from '../values.ts'
import { fromWireValue, toWireRecord } from './typed-values.ts'

describe('parameters of a program', () => {
  it('keep null and what is wrong, and leave out what is undefined', () => {
    const record = toWireRecord({ a: undefined, b: null, c: [1, 1.5, true], d: { e: 'x', f: undefined } })
    assert.deepEqual(
      record,
      new Map<string, unknown>([
        ['b', null],
        ['c', [1, new Float(1.5), true]],
        ['d', new Map([['e', 'x']])],
      ]),
    )
  })

  it('have times in whole seconds', () => {
    assert.deepEqual(toWireRecord({ at: new Date(1_999) }), new Map([['at', 1]]))
  })

  it('are data: a function is refused', () => {
    assert.throws(() => toWireRecord({ a: () => 1 }), /expected data in the parameters, got a function/)
  })
})

describe('what a call gives', () => {
  const shape = structure({ at: timestamp(), size: integer(), share: double(), names: list(string()) })

  it('has times as Dates and numbers as numbers, and nothing that the model does not know', () => {
    const value = new Map<string, never>(
      Object.entries({
        at: new Float(1.5),
        size: 9_007_199_254_740_993n,
        share: new Float(2),
        names: ['x'],
        more: 'unknown',
      }) as never,
    )
    assert.deepEqual(fromWireValue(value, shape), {
      at: new Date(1_500),
      size: 9_007_199_254_740_992,
      share: 2,
      names: ['x'],
    })
  })
})
