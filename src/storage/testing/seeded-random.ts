import { randomInt } from 'node:crypto'

/** Random numbers that come again with the same seed. For tests. */
export interface SeededRandom {
  readonly seed: number
  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
}

/** The seed is LUGSAIL_TEST_SEED when set, else chosen anew; print it, so that a failure can be had again. */
export function seededRandom(
  seed: number = Number(process.env['LUGSAIL_TEST_SEED'] ?? randomInt(2 ** 31)),
): SeededRandom {
  let state = seed >>> 0
  // mulberry32: short, and good enough to choose test inputs.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return { seed, below, pick: (choices) => choices[below(choices.length)] ?? choices[0] }
}
