/** How one build did beside another, over rounds in which both took their turn. */
export interface Comparison {
  /** The median of the rounds' ratios, this build over the other one: above 1 it takes more. */
  readonly ratio: number
  /** Between these the true median lies, each side for itself with {@link CONFIDENCE}. */
  readonly low: number
  readonly high: number
  readonly verdict: 'slower' | 'faster' | 'alike'
}

/** How sure a bound is at least. */
export const CONFIDENCE = 0.95
/** With fewer rounds no bound is that sure. */
export const ROUNDS_MIN = 5

/**
 * Compares what something cost in this build with what it cost in the other one, `costs` round by round. Slower: by `limit` (0.1: 10 %) or more as the median has it,
 * and surely not as fast; faster: the reverse. All else is alike, or the rounds are too few to tell. The bounds are those of the sign test: they take nothing for granted of how a busy machine spreads
 * its figures, and are the same each time. Throws RangeError below {@link ROUNDS_MIN} rounds, and for costs that are not above 0.
 */
export function comparePaired(
  costs: readonly { readonly own: number; readonly other: number }[],
  limit: number,
): Comparison {
  if (costs.length < ROUNDS_MIN)
    throw new RangeError(`at least ${ROUNDS_MIN} rounds are needed, got ${costs.length}`)
  const ratios = costs.map(({ own, other }) => {
    if (!(own > 0 && other > 0))
      throw new RangeError(`a run cost ${own} here and ${other} there; runs must be longer`)
    return own / other
  })
  ratios.sort((left, right) => left - right)
  const at = (place: number): number => ratios[place] ?? NaN
  const last = ratios.length - 1
  const outside = placesOutside(ratios.length)
  const ratio = Math.sqrt(at(Math.floor(last / 2)) * at(Math.ceil(last / 2)))
  const [low, high] = [at(outside), at(last - outside)]
  const isSlower = ratio >= 1 + limit && low > 1
  const isFaster = ratio <= 1 / (1 + limit) && high < 1
  return { ratio, low, high, verdict: isSlower ? 'slower' : isFaster ? 'faster' : 'alike' }
}

/** How many of the least ratios lie below the median surely enough: as many as that fewer of so many tosses of a coin show heads in 5 of 100 cases at most. */
export function placesOutside(count: number): number {
  let chance = 0.5 ** count
  let sum = chance
  for (let heads = 0; ; heads++) {
    // One more would make it less sure.
    chance = (chance * (count - heads)) / (heads + 1)
    sum += chance
    if (sum > 1 - CONFIDENCE) return heads
  }
}
