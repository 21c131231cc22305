import { monotonicMs, systemClock, type Clock } from '../../base/clock.ts'
import { InvalidInput } from './invalid-input.ts'

/** Where a clock stands: what it is put back to. */
export interface ClockState {
  /** How far it is before the machine's, in milliseconds. */
  readonly aheadMs: number
  /** Epoch milliseconds at which it stands still; null: it runs. */
  readonly stoppedAt: number | null
}

/** The last instant that dates have. */
const INSTANT_MAX = 8.64e15

/** The clock of a server in a test: goes as the machine's, or stands still, and can be moved on. */
export class MovableClock implements Clock {
  #state: ClockState
  /** How far it was ever moved on: unlike the time of day, what it has done is never undone. */
  #movedMs = 0
  /** How far it was before the machine's at any time. */
  #leastAheadMs = 0
  #mostAheadMs = 0

  /** `startMs`: epoch milliseconds that it shows now; what the machine's shows when absent. */
  constructor({
    startMs,
    isStopped = false,
  }: { readonly startMs?: number; readonly isStopped?: boolean } = {}) {
    const nowMs = systemClock.now()
    const shownMs = startMs ?? nowMs
    this.#state = { aheadMs: shownMs - nowMs, stoppedAt: isStopped ? shownMs : null }
    this.#noteAhead()
  }

  now(): number {
    const { aheadMs, stoppedAt } = this.#state
    return stoppedAt ?? systemClock.now() + aheadMs
  }

  /** Clients sign by the machine's clock, or by what they learnt of this one at some time: the official SDKs follow the dates of responses. */
  clientsNow(): readonly [earliest: number, latest: number] {
    this.#noteAhead()
    const nowMs = systemClock.now()
    return [nowMs + this.#leastAheadMs, nowMs + this.#mostAheadMs]
  }

  /** Milliseconds that have passed for the server, by which it counts intervals. */
  readonly monotonicMs = (): number => monotonicMs() + this.#movedMs

  /** Whether it shows what the machine's does. */
  get isMoved(): boolean {
    return this.#state.aheadMs !== 0 || this.#state.stoppedAt !== null
  }

  get state(): ClockState {
    return this.#state
  }

  /** Moves it on. Throws {@link InvalidInput} for more than dates can tell. */
  advance(durationMs: number): void {
    const { aheadMs, stoppedAt } = this.#state
    if (this.now() + durationMs > INSTANT_MAX) throw new InvalidInput('the clock cannot show so late a date')
    this.#noteAhead()
    this.#movedMs += durationMs
    this.#state =
      stoppedAt === null
        ? { aheadMs: aheadMs + durationMs, stoppedAt }
        : { aheadMs, stoppedAt: stoppedAt + durationMs }
    this.#noteAhead()
  }

  /** Puts it back to where it stood. */
  restore(state: ClockState): void {
    this.#noteAhead()
    this.#state = state
    this.#noteAhead()
  }

  #noteAhead(): void {
    const aheadMs = this.now() - systemClock.now()
    this.#leastAheadMs = Math.min(this.#leastAheadMs, aheadMs)
    this.#mostAheadMs = Math.max(this.#mostAheadMs, aheadMs)
  }
}
