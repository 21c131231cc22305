import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHttpDate } from './http-date.ts'

process.env['TZ'] = 'America/New_York'

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
