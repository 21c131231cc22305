import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../base/clock.ts'
import { InvalidInput } from './invalid-input.ts'
import { MovableClock } from './movable-clock.ts'

const HOUR_MS = 3_600_000
const AT = Date.UTC(2030, 0, 1)

/** Whether a time is the other one, but for what passes while a test runs. */
const isNear = (ms: number, expectedMs: number): boolean => Math.abs(ms - expectedMs) < HOUR_MS / 2

describe('the clock of a server in a test', () => {
  it('goes as the machine’s, and is moved only by whoever moves it', () => {
    const clock = new MovableClock()
    assert.ok(isNear(clock.now(), systemClock.now()))
    assert.ok(!clock.isMoved)
    const before = clock.monotonicMs()
    clock.advance(HOUR_MS)
    assert.ok(clock.isMoved)
    assert.ok(isNear(clock.now(), systemClock.now() + HOUR_MS))
    assert.ok(isNear(clock.monotonicMs() - before, HOUR_MS))
  })

  it('stands still where it was stopped', () => {
    const clock = new MovableClock({ startMs: AT, isStopped: true })
    assert.deepEqual([clock.now(), clock.isMoved], [AT, true])
    clock.advance(5)
    assert.equal(clock.now(), AT + 5)
    assert.ok(new MovableClock({ isStopped: true }).isMoved)
    const running = new MovableClock({ startMs: AT })
    assert.ok(isNear(running.now(), AT))
    assert.equal(running.state.stoppedAt, null)
  })

  it('is put back to where it stood, while intervals go on', () => {
    const clock = new MovableClock({ startMs: AT, isStopped: true })
    const { state } = clock
    const before = clock.monotonicMs()
    clock.advance(HOUR_MS)
    clock.restore(state)
    assert.equal(clock.now(), AT)
    assert.deepEqual(clock.state, state)
    assert.ok(isNear(clock.monotonicMs() - before, HOUR_MS))
  })

  it('knows the earliest and the latest that its clients may take it for: all that it ever showed, and the machine’s', () => {
    const clock = new MovableClock()
    const span = (): readonly [number, number] => {
      const [earliest, latest] = clock.clientsNow()
      const nowMs = systemClock.now()
      return [Math.round((earliest - nowMs) / HOUR_MS), Math.round((latest - nowMs) / HOUR_MS)]
    }
    assert.deepEqual(span().map(Math.abs), [0, 0])
    const { state } = clock
    clock.advance(3 * HOUR_MS)
    assert.deepEqual(span().map(Math.abs), [0, 3])
    clock.restore(state)
    assert.deepEqual(span().map(Math.abs), [0, 3])
    clock.restore({ aheadMs: -2 * HOUR_MS, stoppedAt: null })
    clock.restore(state)
    assert.deepEqual(span(), [-2, 3])
    const early = new MovableClock({ startMs: systemClock.now() - 7 * HOUR_MS })
    assert.ok(isNear(early.clientsNow()[0], systemClock.now() - 7 * HOUR_MS))
    assert.ok(isNear(early.clientsNow()[1], systemClock.now()))
  })

  it('goes on to the last instant that dates have, and no further', () => {
    const clock = new MovableClock({ startMs: AT, isStopped: true })
    const leftMs = 8.64e15 - AT
    assert.throws(() => clock.advance(leftMs + 1), InvalidInput)
    assert.equal(clock.now(), AT)
    clock.advance(leftMs)
    assert.equal(clock.now(), 8.64e15)
    assert.ok(!Number.isNaN(new Date(clock.now()).getTime()))
  })
})
