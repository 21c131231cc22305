/** Where the time comes from; injected, so that tests decide what time it is. */
export interface Clock {
  /** The current instant, in epoch milliseconds. */
  now(): number
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands still until it is told to move. For tests. */
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
