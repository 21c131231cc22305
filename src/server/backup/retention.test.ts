import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY_MS } from '../../base/milliseconds.ts'
import { keptStates, parseRetention } from './retention.ts'

const HOUR_MS = 3_600_000
const at = (text: string): number => Date.parse(text)

/** The indexes of what is kept of states at these times, in the order given. */
function kept(text: string, times: readonly number[], nowMs = Math.max(...times)): number[] {
  const retention = parseRetention(text)
  assert.ok(retention)
  const states = times.map((time, index) => ({ at: time, index }))
  return [...keptStates(states, retention, nowMs)].map(({ index }) => index).sort((a, b) => a - b)
}

describe('parseRetention', () => {
  it('reads terms with commas between', () => {
    assert.deepEqual(parseRetention('3,24h,7d,4w,12m,2y,all:2d'), [
      { type: 'newest', count: 3 },
      { type: 'periods', count: 24, unit: 'h' },
      { type: 'periods', count: 7, unit: 'd' },
      { type: 'periods', count: 4, unit: 'w' },
      { type: 'periods', count: 12, unit: 'm' },
      { type: 'periods', count: 2, unit: 'y' },
      { type: 'all', withinMs: 2 * DAY_MS },
    ])
  })

  it('reads how long all is kept, in hours, days and weeks', () => {
    for (const [text, hours] of [
      ['all:1h', 1],
      ['all:36h', 36],
      ['all:1d', 24],
      ['all:2w', 14 * 24],
      ['all:99999h', 99_999],
    ] as const)
      assert.deepEqual(parseRetention(text), [{ type: 'all', withinMs: hours * HOUR_MS }], text)
  })

  it('takes no text that is none', () => {
    for (const text of [
      '',
      ',',
      '7d,',
      '0d',
      '-1d',
      '7x',
      '7 d',
      '1.5d',
      'all:',
      'all:7',
      'all:1y',
      'd',
      '100000d',
    ])
      assert.equal(parseRetention(text), undefined, text)
  })
})

describe('keptStates', () => {
  it('keeps the newest of each period, counting periods that have one', () => {
    const times = ['2026-01-01T01:00Z', '2026-01-01T23:00Z', '2026-01-05T12:00Z', '2026-01-09T12:00Z'].map(at)
    assert.deepEqual(kept('2d', times), [2, 3])
    assert.deepEqual(kept('3d', times), [1, 2, 3])
    assert.deepEqual(kept('9d', times), [1, 2, 3])
  })

  it('begins weeks on Monday and months on their first day, in UTC', () => {
    const weeks = ['2026-03-01T23:59Z', '2026-03-02T00:00Z', '2026-03-08T23:59Z', '2026-03-09T00:00Z'].map(at)
    assert.deepEqual(kept('2w', weeks), [2, 3])
    const months = ['2026-01-31T23:59Z', '2026-02-01T00:00Z', '2026-02-28T00:00Z'].map(at)
    assert.deepEqual(kept('2m', months), [0, 2])
    assert.deepEqual(kept('1y', ['2025-12-31T23:59Z', '2026-01-01T00:00Z'].map(at)), [1])
  })

  it('keeps what any term keeps, and always the newest, also when it is of long ago', () => {
    const times = Array.from({ length: 48 }, (_, hour) => at('2026-01-01T00:30Z') + hour * HOUR_MS)
    assert.deepEqual(kept('2,1d', times), [46, 47])
    assert.deepEqual(kept('all:2h', times), [45, 46, 47])
    assert.deepEqual(kept('all:1h', times, at('2027-06-01T00:00Z')), [47])
  })
})
