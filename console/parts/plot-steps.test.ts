import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { roundSteps } from './plot-steps.ts'

const MB = 1024 ** 2

describe('the lines of a plot', () => {
  it('are at round sizes of 1024', () =>
    assert.deepEqual(roundSteps(33.8 * MB, 'bytes'), [0, 10 * MB, 20 * MB, 30 * MB, 40 * MB]))

  it('are at round numbers', () => assert.deepEqual(roundSteps(82, 'count'), [0, 50, 100]))

  it('are never at parts of one', () => assert.deepEqual(roundSteps(2, 'count'), [0, 1, 2]))

  it('are at the next unit where 500 is too little', () =>
    assert.deepEqual(roundSteps(3000 * MB, 'bytes'), [0, 1024 * MB, 2048 * MB, 3072 * MB]))

  it('are one where nothing was counted', () => assert.deepEqual(roundSteps(0, 'bytes'), [0]))

  for (const unit of ['bytes', 'count'] as const)
    it(`reach over every number of ${unit}, and are few`, () => {
      for (let value = 1; value < 2 ** 45; value = Math.ceil(value * 1.3)) {
        const steps = roundSteps(value, unit)
        assert((steps.at(-1) ?? 0) >= value && steps.length <= 6, `${value}: ${steps.join(' ')}`)
      }
    })
})
