/** A bucket with what it holds. */
export interface HeldByBucket {
  readonly bucketName: string
  readonly storedBytes: number
  /** Versions of objects. */
  readonly objects: number
}

/** Of however many buckets pass by, keeps those that hold most. */
export class LargestBuckets {
  readonly #max: number
  #kept: HeldByBucket[] = []

  constructor(max: number) {
    this.#max = max
  }

  add(bucket: HeldByBucket): void {
    this.#kept.push(bucket)
    // Sorted once for as many as are kept, and so cheap for each.
    if (this.#kept.length > 2 * this.#max + 16) this.#kept = this.all
  }

  /** The largest first. */
  get all(): HeldByBucket[] {
    return this.#kept.toSorted((left, right) => right.storedBytes - left.storedBytes).slice(0, this.#max)
  }
}
