import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatHttpDate, parseHttpDate } from './http-date.ts'

process.env['TZ'] = 'America/New_York'

describe('formatHttpDate', () => {
  it('writes what the platform writes, at the ends of days and of the calendar too', () => {
    const day = 86_400_000
    for (const at of [0, -1, -1000, 999, day - 1, day, day + 1, 1_700_000_000_123, -62_198_755_200_000])
      for (const step of [0, 59_999, 3_599_000, 3_600_000, day, -day, 8_640_000_000_000_000 - day])
        assert.equal(formatHttpDate(at + step), new Date(at + step).toUTCString(), String(at + step))
  })

  it('says of no instant that it is none, and writes the next one all the same', () => {
    assert.equal(formatHttpDate(NaN), 'Invalid Date')
    assert.equal(formatHttpDate(9e15), 'Invalid Date')
    assert.equal(formatHttpDate(784_111_777_000), 'Sun, 06 Nov 1994 08:49:37 GMT')
  })
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
