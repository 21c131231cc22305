import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { floatText } from './float-text.ts'

describe('a number with a fraction as text', () => {
  for (const [value, text] of [
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [-1, '-1.0'],
    [1.5, '1.5'],
    [1625073285, '1625073285.0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e-4, '0.0001'],
    [-1e-4, '-0.0001'],
    [0.000_099, '9.9e-05'],
    [1e-5, '1e-05'],
    [-1.25e-7, '-1.25e-07'],
    [9_999_999_999_999_998, '9999999999999998.0'],
    [1e16, '1e+16'],
    [-1.5e16, '-1.5e+16'],
    [1e21, '1e+21'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [5e-324, '5e-324'],
    [1e100, '1e+100'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [NaN, 'nan'],
  ] as const)
    it(text, () => {
      assert.equal(floatText(value), text)
      if (Number.isFinite(value)) assert.ok(Object.is(Number(text), value))
    })
})
