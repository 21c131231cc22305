import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatIso8601, parseTimestamp, timestampProblem } from './timestamp.ts'

const TIMES: readonly (readonly [text: string, iso: string])[] = [
  ['2021-06-30', '2021-06-30T00:00:00'],
  ['9999-12-31T23:59:59', '9999-12-31T23:59:59'],
  ['2021-06-30T17', '2021-06-30T17:00:00'],
  ['2021-06-30T1714', '2021-06-30T17:14:00'],
  ['2021-06-30 5pm', '2021-06-30T17:00:00'],
  ['2021-06-30T5:4:3', '2021-06-30T05:04:03'],
  ['20210630T171445Z', '2021-06-30T17:14:45+00:00'],
  ['2021-06-30T17:14:45,123Z', '2021-06-30T17:14:45.123000+00:00'],
  ['2021-06-30T17:14:45.123456789012Z', '2021-06-30T17:14:45.123456+00:00'],
  ['2021-06-30T17:14:45 -0500', '2021-06-30T17:14:45-05:00'],
  ['2021-06-30T17:14:45+5', '2021-06-30T17:14:45+05:00'],
  ['2021-06-30T17:14:45GMT+3', '2021-06-30T17:14:45-03:00'],
  ['2021.06.30', '2021-06-30T00:00:00'],
  ['30.06.2021', '2021-06-30T00:00:00'],
  ['6/30/21', '2021-06-30T00:00:00'],
  ['1/2/2021', '2021-01-02T00:00:00'],
  ['13/1/2021', '2021-01-13T00:00:00'],
  ['2021-Jun-30', '2021-06-30T00:00:00'],
  ['30th June 2021', '2021-06-30T00:00:00'],
  ['June 30th, 2021 5:14pm', '2021-06-30T17:14:00'],
  ['June 5 2021 12am', '2021-06-05T00:00:00'],
  ['10:11 PM July 2 2021', '2021-07-02T22:11:00'],
  ['Wed, 30 Jun 2021 17:14:45 GMT', '2021-06-30T17:14:45+00:00'],
  ['Wednesday, 30-Jun-21 17:14:45 GMT', '2021-06-30T17:14:45+00:00'],
  ['Wed Jun 30 17:14:45 2021', '2021-06-30T17:14:45'],
  ['Wed Jun 30 17:14:45 UTC 2021', '2021-06-30T17:14:45+00:00'],
  ['0050-01-01', '0050-01-01T00:00:00'],
]
const PROBLEMS: readonly (readonly [text: string, problem: string])[] = [
  ['', 'String does not contain a date'],
  ['soon', 'Unknown string format'],
  ['Foo 3 2021', 'Unknown string format'],
  ['2021-06-30T17:14:', 'Unknown string format'],
  ['2021-06-30T17:14:45Zjunk', 'Unknown string format'],
  ['2021-06-30T17:14:45 PM', 'Unknown string format'],
  ['0000-01-01', 'year 0 is out of range'],
  ['10000-01-01', 'year 10000 is out of range'],
  ['2021-13-01', 'month must be in 1..12'],
  ['2021-02-30', 'day is out of range for month'],
  ['June 31 2021', 'day is out of range for month'],
  ['2021-06-30 24:00', 'hour must be in 0..23'],
  ['2021-06-30T10:61:00', 'minute must be in 0..59'],
  ['2021-06-30T10:00:60', 'second must be in 0..59'],
]

describe('times as people and services write them', () => {
  for (const [text, iso] of TIMES)
    test(`${text} is ${iso}`, () => {
      const timestamp = parseTimestamp(text)
      assert.ok(timestamp !== undefined)
      assert.equal(formatIso8601(timestamp), iso)
    })

  for (const [text, problem] of PROBLEMS)
    test(`'${text}' is none: ${problem}`, () => {
      assert.equal(parseTimestamp(text), undefined)
      assert.equal(timestampProblem(text), problem)
    })

  test('months have their names, whole and short, in any case of letters', () => {
    for (let month = 0; month < 12; month++) {
      const name = new Date(Date.UTC(2021, month)).toLocaleString('en', { month: 'long', timeZone: 'UTC' })
      const iso = `2021-${String(month + 1).padStart(2, '0')}-09T00:00:00`
      for (const text of [name, name.slice(0, 3), name.toUpperCase(), `${name.slice(0, 3).toLowerCase()}.`]) {
        const timestamp = parseTimestamp(`9 ${text} 2021`)
        assert.ok(timestamp, text)
        assert.equal(formatIso8601(timestamp), iso)
      }
    }
  })

  test('a time without a zone is in UTC', () => {
    assert.equal(parseTimestamp('2021-06-30 17:14')?.epochMicroseconds, 1_625_073_240_000_000)
  })
})
