import type { BlobId } from '../../storage/blob-store.ts'
import type { Change, Key, Version } from '../../storage/metadata-store.ts'
import { recordSum } from '../usage/record-sum.ts'

/** A change of what a bucket holds, gathered and then committed at once: what it counts and which blobs it takes is settled by store-change.ts. */
export class BucketChange implements Change {
  readonly checks: { key: Key; version: Version | null }[] = []
  readonly emptyRanges: { start: Key; end: Key }[] = []
  readonly sets: { key: Key; value: Uint8Array }[] = []
  readonly deletes: Key[] = []
  readonly adds: { key: Key; amounts: readonly number[] }[] = []
  /** Blobs that came to belong to an object or part with this change. */
  readonly claimedBlobs: BlobId[] = []
  /** Blobs that belong to nothing after this change. */
  readonly releasedBlobs: BlobId[] = []
  /** Blobs that came with one part of this change and went with a later one: the store never names them. */
  readonly passingBlobs: BlobId[] = []
  /** By how much the bucket's usage changes. */
  bytesDelta = 0
  objectsDelta = 0
  /** By how much the sum of the bucket's records changes, and damaged ones that go without anybody knowing theirs. */
  recordSumDelta = 0
  lostRecords = 0

  /** Whether the change makes room; absent: as it shows by itself when it is stored. */
  usesReserve?: boolean

  readonly bucketId: string

  constructor(bucketId: string) {
    this.bucketId = bucketId
  }

  /** To be called for each record of a version or a part that is set, with its value. */
  countStored(value: Uint8Array): void {
    this.recordSumDelta += recordSum(value)
  }

  /** To be called for each that is deleted or replaced, with the value that it had. */
  countRemoved(value: Uint8Array): void {
    this.recordSumDelta -= recordSum(value)
  }
}
