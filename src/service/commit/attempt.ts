import type { Change } from '../../storage/metadata-store.ts'
import { BucketChange } from './bucket-change.ts'

/** What one attempt came to: the change to commit, null when the answer needs none, and what to answer when it is in. */
export interface Attempt<T> {
  readonly change: Change | null
  readonly result: T
  /** The error when one of the change's ranges is not empty; absent: all is read and decided again. */
  readonly whenNotEmpty?: () => Error
}

/** Thrown by an attempt when rows that were read one after the other do not fit together, because they changed in between: it is made again. */
export class StaleRead extends Error {
  override readonly name = 'StaleRead'
}

/** The attempt with more that must be as it was read; one that changes nothing checks nothing. */
export function withChecks<T>(attempt: Attempt<T>, checks: NonNullable<Change['checks']>): Attempt<T> {
  const { change } = attempt
  if (change === null) return attempt
  if (change instanceof BucketChange) {
    change.checks.push(...checks)
    return attempt
  }
  return { ...attempt, change: { ...change, checks: [...(change.checks ?? []), ...checks] } }
}
