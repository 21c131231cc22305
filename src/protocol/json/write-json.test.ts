import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { double, structure } from '../../model/shape.ts'
import { writeJson } from './write-json.ts'

describe('writeJson', () => {
  it('writes floats as JSON, whole ones with a decimal or an exponent', () => {
    const shape = structure({ Number: double() })
    const written = (value: number) => writeJson(shape, { Number: value })
    for (const [value, text] of [
      [0, '0.0'],
      [-3, '-3.0'],
      [0.5, '0.5'],
      [1e-7, '1e-7'],
      [2 ** 53, '9007199254740992.0'],
      [1e20, '100000000000000000000.0'],
      [1e21, '1e+21'],
      [-1.5e300, '-1.5e+300'],
    ] as const) {
      assert.equal(written(value), `{"Number":${text}}`)
      assert.deepEqual(JSON.parse(written(value)), { Number: value })
    }
  })
})
