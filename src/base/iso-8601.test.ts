import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseIso8601 } from './iso-8601.ts'

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
