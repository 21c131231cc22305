import type { Clock } from '../src/base/clock.ts'

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
  #nowMs: number

  constructor(startMs = Date.UTC(2030, 0, 1)) {
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  /** Moves the clock on; `durationMs` may be negative. */
  advance(durationMs: number): void {
    this.#nowMs += durationMs
  }
}
