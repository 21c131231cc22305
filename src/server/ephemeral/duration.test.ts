import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { durationMs } from './duration.ts'
import { InvalidInput } from './invalid-input.ts'

describe('a duration', () => {
  const table: readonly (readonly [duration: unknown, ms: number])[] = [
    [0, 0],
    [1_500, 1_500],
    [0.5, 0.5],
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1_500],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    [{}, 0],
    [{ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 }, 93_784_005],
    [{ days: 1, hours: -1 }, 82_800_000],
  ]
  for (const [duration, ms] of table)
    it(`${JSON.stringify(duration)} is ${ms} ms`, () => assert.equal(durationMs(duration, 'x'), ms))

  const refused: readonly unknown[] = [
    ...[-1, NaN, Infinity, '', 'x', '500', '-1s', '1 s', '1y', '.5s', '1.s', null, undefined, true],
    ...[[], ['1s'], { days: '1' }, { days: -1 }, { hours: NaN }],
  ]
  for (const duration of refused)
    it(`is none: ${inspect(duration)}`, () =>
      assert.throws(
        () => durationMs(duration, 'the time'),
        (error) =>
          error instanceof InvalidInput &&
          /^the time: expected milliseconds, a text such as .*, none of it negative; got /.test(
            error.message,
          ),
      ))

  it('has no other units', () =>
    assert.throws(
      () => durationMs({ weeks: 1 }, 'the time'),
      /^.*the time: there is no unit "weeks"; expected /,
    ))

  it('is shown as it was given', () => {
    assert.throws(() => durationMs(-1, 'x'), /got -1$/)
    assert.throws(() => durationMs('y', 'x'), /got "y"$/)
  })
})
