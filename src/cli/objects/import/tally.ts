import type { Loss } from './described-object.ts'

/** What happened to the objects of a bucket in one pass, counted. */
export class Tally {
  copied = 0
  copiedBytes = 0
  /** Delete markers that were made. */
  markers = 0
  /** What was there already. */
  same = 0
  removed = 0
  failed = 0
  /** What the source deleted between its listing and its copy. */
  gone = 0
  /** Keys that the destination has and the source has not, left alone. */
  onlyThere = 0
  /** Copied, with nothing but the number of bytes to vouch for them. */
  unverified = 0
  /** How many copied objects lost something, by what. */
  readonly losses = new Map<Loss, number>()

  lost(losses: readonly Loss[]): void {
    for (const loss of losses) this.losses.set(loss, (this.losses.get(loss) ?? 0) + 1)
  }

  /** Adds another pass of the same bucket: what it found as it is now, and what both did. */
  add(next: Tally): void {
    for (const done of ['copied', 'copiedBytes', 'markers', 'removed', 'gone', 'unverified'] as const)
      this[done] += next[done]
    for (const found of ['same', 'failed', 'onlyThere'] as const) this[found] = next[found]
    for (const [loss, count] of next.losses) this.losses.set(loss, (this.losses.get(loss) ?? 0) + count)
  }
}
