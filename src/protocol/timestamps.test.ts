import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHttpDate } from '../base/http-date.ts'
import type { TimestampFormat } from './timestamps.ts'
import {
  formatTimestamp,
  fromEpochSeconds,
  parseIso8601,
  parseTimestamp,
  toEpochSeconds,
} from './timestamps.ts'

const INSTANT = Date.UTC(2016, 10, 22, 12, 16, 31, 349)

describe('timestamps', () => {
  const FORMS: readonly (readonly [format: TimestampFormat, text: string, epochMs: number])[] = [
    ['epochSeconds', '1479816991.349', INSTANT],
    ['iso8601', '2016-11-22T12:16:31.349Z', INSTANT],
    ['httpDate', 'Tue, 22 Nov 2016 12:16:31 GMT', INSTANT - 349],
  ]
  for (const [format, text, epochMs] of FORMS) {
    it(`${format} is printed and read as ${text}`, () => {
      assert.equal(formatTimestamp(INSTANT, format), text)
      assert.equal(parseTimestamp(text, format), epochMs)
      assert.equal(parseTimestamp('yesterday', format), null)
    })
  }

  it('epoch seconds keep every millisecond', () => {
    for (let epochMs = INSTANT; epochMs < INSTANT + 1_000; epochMs++) {
      assert.equal(fromEpochSeconds(toEpochSeconds(epochMs)), epochMs)
    }
  })
})

describe('parseIso8601', () => {
  it('reads dates, offsets and fractions', () => {
    assert.equal(parseIso8601('2016-11-22'), Date.UTC(2016, 10, 22))
    assert.equal(parseIso8601('2016-11-22T12:16:31Z'), INSTANT - 349)
    assert.equal(parseIso8601('2016-11-22T13:16:31.349999+01:00'), INSTANT)
  })

  for (const text of [
    '',
    '2016',
    '2016-13-01',
    '2015-02-29',
    '2016-11-22 12:16:31',
    '2016-11-22T25:00:00Z',
    '2016-11-22T12:16:31',
  ]) {
    it(`refuses "${text}"`, () => {
      assert.equal(parseIso8601(text), null)
    })
  }
})

describe('parseHttpDate', () => {
  const EXPECTED = Date.UTC(1994, 10, 6, 8, 49, 37)
  for (const text of [
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 -0000',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ]) {
    it(`reads "${text}"`, () => {
      assert.equal(parseHttpDate(text, Date.UTC(2026, 0, 1)), EXPECTED)
    })
  }

  it('takes a two-digit year for one at most 50 years ahead', () => {
    const now = Date.UTC(2026, 0, 1)
    assert.equal(parseHttpDate('Wednesday, 06-Nov-30 08:49:37 GMT', now), Date.UTC(2030, 10, 6, 8, 49, 37))
    assert.equal(parseHttpDate('Sunday, 06-Nov-77 08:49:37 GMT', now), Date.UTC(1977, 10, 6, 8, 49, 37))
  })

  for (const text of [
    '',
    'Bad Date',
    'Sun, 31 Feb 2026 00:00:00 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 06 Nov 94 08:49:37 GMT',
    '2016-11-22T12:16:31Z',
  ]) {
    it(`refuses "${text}"`, () => {
      assert.equal(parseHttpDate(text), null)
    })
  }
})
