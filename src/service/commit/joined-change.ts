import { KEYS_PER_COMMIT_ADVISED, type Change, type Key, type Version } from '../../storage/metadata-store.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { BucketChange } from './bucket-change.ts'
import { PendingRows, type ReadStore } from './pending-rows.ts'
import { makesRoom } from './store-change.ts'

/** Values of changes that are committed at once; a further one may exceed it. */
const VALUE_BYTES_MAX = 4 * 1024 * 1024
/** Keys that one more change names at most, as those of a hot record do. */
const KEYS_OF_ONE_CHANGE = 16

/** What a further change came to; `apart`: it cannot be told before the others are committed. */
type Outcome = 'ok' | 'conflict' | 'not-empty' | 'apart'

/**
 * Changes of one bucket's content that are committed at once, each decided on top of those before it. What the store checks is what they found there; what they
 * found of each other holds because they are one commit.
 */
export class JoinedChange {
  readonly #rows: PendingRows
  readonly #checks = new Map<string, { readonly key: Key; readonly version: Version | null }>()
  readonly #emptyRanges: { start: Key; end: Key }[] = []
  readonly #claimed = new Set<BlobId>()
  readonly #released = new Set<BlobId>()
  readonly #parts: BucketChange[] = []
  #valueBytes = 0

  constructor(store: ReadStore) {
    this.#rows = new PendingRows(store)
  }

  /** The store as it is with the changes; it can be read and nothing else. */
  get metadata(): PendingRows {
    return this.#rows
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0
  }

  /** Whether a further change might be too much for one commit. */
  get isFull(): boolean {
    const keys = this.#rows.size + this.#checks.size + this.#claimed.size + this.#released.size
    return this.#valueBytes >= VALUE_BYTES_MAX || keys + KEYS_OF_ONE_CHANGE > KEYS_PER_COMMIT_ADVISED
  }

  /** Adds a change, unless what it checks is no longer so. */
  add(change: Change): Outcome {
    if (!(change instanceof BucketChange) || change.adds.length > 0) return 'apart'
    if (this.#parts.some(({ bucketId }) => bucketId !== change.bucketId)) return 'apart'
    for (const { key, version } of change.checks) {
      const found = this.#rows.get(key) ?? this.#checks.get(textOf(key))
      if (found && found.version !== version) return 'conflict'
    }
    for (const { start, end } of change.emptyRanges) {
      const rows = this.#rows.within(start, end)
      if (rows.some(({ value }) => value !== null)) return 'not-empty'
      // The store looks at ranges before it changes anything, and the row that goes may be there.
      if (rows.length > 0) return 'apart'
    }
    this.#take(change)
    return 'ok'
  }

  /** All of them as one change, to be stored once. */
  toChange(): BucketChange {
    const [first] = this.#parts
    if (!first) throw new Error('there is nothing to commit')
    const whole = new BucketChange(first.bucketId)
    whole.checks.push(...this.#checks.values())
    whole.emptyRanges.push(...this.#emptyRanges)
    for (const { key, value } of this.#rows.all())
      if (value === null) whole.deletes.push(key)
      else whole.sets.push({ key, value })
    for (const id of this.#claimed)
      (this.#released.has(id) ? whole.passingBlobs : whole.claimedBlobs).push(id)
    for (const id of this.#released) if (!this.#claimed.has(id)) whole.releasedBlobs.push(id)
    whole.usesReserve = true
    for (const part of this.#parts) {
      whole.bytesDelta += part.bytesDelta
      whole.objectsDelta += part.objectsDelta
      whole.recordSumDelta += part.recordSumDelta
      whole.lostRecords += part.lostRecords
      whole.usesReserve &&= part.usesReserve ?? makesRoom(part)
    }
    return whole
  }

  #take(change: BucketChange): void {
    this.#parts.push(change)
    for (const check of change.checks)
      if (!this.#rows.get(check.key)) this.#checks.set(textOf(check.key), check)
    this.#emptyRanges.push(...change.emptyRanges)
    for (const key of change.deletes) this.#rows.put(key, null)
    for (const { key, value } of change.sets) {
      this.#rows.put(key, value)
      this.#valueBytes += value.byteLength
    }
    for (const id of change.claimedBlobs) this.#claimed.add(id)
    for (const id of change.releasedBlobs) this.#released.add(id)
  }
}

const textOf = (key: Key): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')
