/** Where the time comes from; injected, so that tests decide what time it is. */
export interface Clock {
  /** The current instant, in epoch milliseconds. */
  now(): number
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() }
