import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatAmzDate, isScopeDate, parseAmzDate } from './amz-date.ts'

describe('the time of a signature', () => {
  const TIMES: readonly (readonly [text: string, iso: string])[] = [
    ['20260517T000000Z', '2026-05-17T00:00:00Z'],
    ['20260517T230000Z', '2026-05-17T23:00:00Z'],
    ['20260517T235959Z', '2026-05-17T23:59:59Z'],
    ['20260101T000000Z', '2026-01-01T00:00:00Z'],
    ['20261231T235959Z', '2026-12-31T23:59:59Z'],
    ['20240229T120000Z', '2024-02-29T12:00:00Z'],
    ['01000101T000000Z', '0100-01-01T00:00:00Z'],
  ]
  for (const [text, iso] of TIMES)
    it(`${text} is ${iso}`, () => {
      assert.equal(parseAmzDate(text), Date.parse(iso))
    })

  it('is read back as it was written, in each hour of a year', () => {
    for (let ms = Date.UTC(2024, 0, 1); ms < Date.UTC(2025, 0, 2); ms += 3_600_000 + 1_000)
      assert.equal(parseAmzDate(formatAmzDate(ms + 999)), ms)
  })

  const NONE = [
    '20260517T240000Z',
    '20260517T236000Z',
    '20260517T235960Z',
    '20260017T000000Z',
    '20261317T000000Z',
    '20260500T000000Z',
    '20260532T000000Z',
    '20260631T000000Z',
    '20260229T000000Z',
    '00990101T000000Z',
    '20260517t000000Z',
    '20260517T000000z',
    '20260517T000000',
    '20260517T000000ZZ',
    '2026-517T000000Z',
    '2026051:T000000Z',
    '20260517T00000/Z',
    '',
  ]
  for (const text of NONE) it(`is not ${JSON.stringify(text)}`, () => assert.equal(parseAmzDate(text), null))
})

describe('the date of a scope', () => {
  it('is eight digits, with no time', () => {
    assert.equal(isScopeDate('20260517'), true)
    assert.equal(isScopeDate('00000000'), true)
    for (const text of ['2026051', '202605170', '2026051x', '2026-5-1', '20260517T000000Z', ''])
      assert.equal(isScopeDate(text), false, text)
  })
})
