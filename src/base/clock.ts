/** Where the time comes from; injected, so that tests decide what time it is. */
export interface Clock {
  /** The current instant, in epoch milliseconds. */
  now(): number
  /** Where the clocks of clients may show something else and are as right: the earliest and the latest that they show now, in epoch milliseconds. */
  clientsNow?(): readonly [earliest: number, latest: number]
}

/**
 * Milliseconds of a clock that nobody sets, for how long something took in this process. Its zero is any moment: what it shows means nothing to others, nor
 * after a restart. It may stand still while the machine sleeps.
 */
export type MonotonicClock = () => number

/** The process's own. */
export const monotonicMs: MonotonicClock = () => performance.now()

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() }
