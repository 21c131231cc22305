/** The id of a version in a bucket that keeps no versions, or kept none when it was written. All others are an order and randomness, in hexadecimal. */
export const NULL_VERSION_ID = 'null'

/** The digits of an order. */
export const ORDER_DIGITS = 16

/** Orders count thousandths of a millisecond: several versions in one millisecond still get their own, near the time. */
export const ORDERS_PER_MS = 1_000

/** What stands behind the order in a version's id. */
export const VERSION_RANDOM_BYTES = 8
