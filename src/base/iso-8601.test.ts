import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../test/seeded-random.ts'
import { isoSecond, parseIso8601 } from './iso-8601.ts'

const INSTANT = Date.UTC(2016, 10, 22, 12, 16, 31, 349)

describe('parseIso8601', () => {
  it('reads dates, offsets and fractions', () => {
    assert.equal(parseIso8601('2016-11-22'), Date.UTC(2016, 10, 22))
    assert.equal(parseIso8601('2016-11-22T12:16Z'), INSTANT - 31_349)
    assert.equal(parseIso8601('2016-11-22T12:16:31Z'), INSTANT - 349)
    assert.equal(parseIso8601('2016-11-22T13:16:31.349999+01:00'), INSTANT)
    assert.equal(parseIso8601('2016-11-22T10:46:31.349-0130'), INSTANT)
  })

  it('takes a time without an offset for UTC, wherever the machine is', () => {
    process.env['TZ'] = 'America/New_York'
    assert.equal(parseIso8601('2016-11-22T12:16:31.349'), INSTANT)
    assert.equal(parseIso8601('2016-11-22'), Date.UTC(2016, 10, 22))
  })

  for (const text of [
    '',
    '2016',
    '2016-13-01',
    '2015-02-29',
    '2016-11-22 12:16:31',
    '2016-11-22T25:00:00Z',
    'Tue, 22 Nov 2016 12:16:31 GMT',
  ])
    it(`refuses "${text}"`, () => assert.equal(parseIso8601(text), null))
})

describe('isoSecond', () => {
  const random = new SeededRandom()
  const dayMs = 24 * 60 * 60 * 1_000
  const wholeSecond = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString()

  it(`tells any instant as the platform does, rounded down to seconds (seed ${random.seed})`, () => {
    const edges = [0, 1, 999, 1_000, dayMs - 1, dayMs, INSTANT, Date.UTC(9999, 11, 31, 23, 59, 59, 999)]
    const beyond = [-1, -dayMs, Date.UTC(10_000, 0, 1), 8.64e15]
    const others = Array.from({ length: 2_000 }, () =>
      random.below(3) === 0 ? random.below(2 ** 32) * 50_000 : INSTANT + random.below(2 * dayMs),
    )
    for (const ms of [...edges, ...beyond, ...others, 0.5, INSTANT + 0.25])
      assert.equal(isoSecond(ms), wholeSecond(ms), String(ms))
  })

  it('throws for what is no instant', () => {
    for (const none of [Number.NaN, Infinity, 8.65e15]) assert.throws(() => isoSecond(none), RangeError)
  })
})
