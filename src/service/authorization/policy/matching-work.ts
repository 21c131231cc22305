/**
 * What all questions about one request may spend on matching patterns, in units of some ten nanoseconds: dozens of patterns with wildcards
 * at both ends for each of 1,000 keys. Only policies that are made to be slow come near.
 */
const UNITS_MAX = 300_000

/** A request has spent all that it may on the patterns of a policy. */
export class TooMuchMatching extends Error {
  override readonly name = 'TooMuchMatching'
}

/** One for all: the rest of a batch meets it a thousand times, and to trace a stack costs more than matching. */
const ALL_SPENT = new TooMuchMatching('the patterns of the policy cost too much')

/** Counts what matching costs. */
export class MatchingWork {
  #unitsLeft = UNITS_MAX

  /** Throws {@link TooMuchMatching} once all is spent. */
  spend(units: number): void {
    this.#unitsLeft -= units
    if (this.#unitsLeft < 0) throw ALL_SPENT
  }
}

/** Whether a text matches; what it costs is counted where a request is behind it. */
export type TextTest = (text: string, work: MatchingWork | null) => boolean
