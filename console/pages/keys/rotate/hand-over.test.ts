import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { KeyUse } from '../../../data/keys.ts'
import { recentUsers, requestsByDay, usersOf } from '../key-users.ts'
import { handOverOf, readinessOf, waitingOf } from './hand-over.ts'

const HOUR_MS = 60 * 60 * 1_000
const NOW = Date.UTC(2026, 10, 30, 12)

const use = (agent: string, hoursAgo: number, more: Partial<KeyUse> = {}): KeyUse => {
  const last = NOW - hoursAgo * HOUR_MS
  return {
    address: '10.0.0.7',
    agent,
    last,
    first: last,
    day: new Date(last).toISOString().slice(0, 10),
    requests: 1,
    refusals: 0,
    bytes: 10,
    ...more,
  }
}
const statesOf = (before: readonly KeyUse[], after: readonly KeyUse[]): readonly string[] =>
  handOverOf(before, after, NOW).map(({ agent, state }) => `${agent} ${state}`)

describe('who still uses the old key', () => {
  it('is whoever used it within a day and not the new one since', () => {
    assert.deepEqual(statesOf([use('a', 2), use('b', 1), use('c', 25)], [use('b', 3), use('d', 1)]), [
      'b waiting',
      'a waiting',
      'c quiet',
      'd new',
    ])
  })

  it('has moved over once it used the new key after the old one', () => {
    assert.deepEqual(statesOf([use('a', 2)], [use('a', 1)]), ['a moved'])
    assert.deepEqual(statesOf([use('a', 2), use('a', 0.5)], [use('a', 1)]), ['a waiting'])
  })

  it('is refused when its last requests were, after the old key had stopped', () => {
    assert.deepEqual(statesOf([use('a', 30), use('a', 1, { requests: 3, refusals: 3 })], []), ['a refused'])
    assert.deepEqual(statesOf([use('a', 1, { requests: 3, refusals: 1 })], []), ['a waiting'])
  })

  it('tells whether the old key can stop: somebody would be refused, all have moved, or nobody was there for a day', () => {
    const readiness = (before: readonly KeyUse[], after: readonly KeyUse[]): string =>
      readinessOf(handOverOf(before, after, NOW), NOW)
    assert.equal(readiness([use('a', 2), use('b', 1)], [use('a', 1)]), 'used')
    assert.equal(readiness([use('a', 2)], [use('a', 1)]), 'moved')
    assert.equal(readiness([use('a', 24)], []), 'idle')
    assert.equal(readiness([], []), 'idle')
    assert.equal(waitingOf(handOverOf([use('a', 2), use('b', 26)], [], NOW)), 1)
  })
})

describe('the users of a key', () => {
  it('are told apart by address and agent, and added up over the days', () => {
    const users = usersOf([use('a', 1), use('a', 30, { requests: 4 }), use('a', 2, { address: '10.0.0.8' })])
    assert.deepEqual(
      users.map(({ address, requests }) => [address, requests]),
      [
        ['10.0.0.7', 5],
        ['10.0.0.8', 1],
      ],
    )
  })

  it('of the last day are those who were let', () => {
    assert.equal(recentUsers([use('a', 1), use('b', 2, { refusals: 1 }), use('c', 25)], NOW), 1)
  })

  it('are summed by day, days of nothing among them, up to today', () => {
    assert.deepEqual(requestsByDay([use('a', 1), use('b', 2), use('a', 49, { requests: 7 })], NOW, 3), [
      { day: '2026-11-28', value: 7 },
      { day: '2026-11-29', value: 0 },
      { day: '2026-11-30', value: 2 },
    ])
  })
})
