/** A day in seconds; days of clocks that keep UTC, so all are alike. */
export const DAY_SECONDS = 86_400

/** An hour in milliseconds. */
export const HOUR_MS = 3_600 * 1_000

/** A day in milliseconds. */
export const DAY_MS = DAY_SECONDS * 1_000
