import type { Key, Version } from '../storage/metadata-store.ts'
import type { ObjectFacts } from './authorization/question.ts'
import type { Principal } from './principal.ts'
import type { BucketRecord } from './records/bucket.ts'

/** A bucket as it was read, with the state it was in. */
export interface StoredBucket {
  readonly record: BucketRecord
  readonly version: Version
}

/**
 * By what a data-plane request was let in. The final commit of a write checks the bucket's and the credential's version, so that a bucket
 * that went away or changed its settings, and a key that was deleted, are noticed however long the body took. When that commit
 * conflicts, the writer reads all of it again: a missing credential is `AccessKeyStopped`, a missing bucket `NoSuchBucket`, and with
 * changed settings the decision is made anew.
 */
export interface Admission {
  readonly principal: Principal
  /** The credential's record, and when it ends (epoch milliseconds), if it does; null for an anonymous request. */
  readonly credential: { readonly key: Key; readonly version: Version; readonly validUntil?: number } | null
  readonly bucket: StoredBucket
  /** The other bucket that a copy reads: a right that is taken away there counts, too. */
  readonly source?: StoredBucket
  /**
   * Decides anew on all rights that the request used, with the changed settings of `bucket` or `source`, and as `principal` where the key itself was
   * changed; throws `AccessDenied`. Called by a writer that found one of them changed. Absent: changed settings do not change the decision (background jobs).
   */
  readonly reauthorize?: (bucket: StoredBucket, principal?: Principal) => void | Promise<void>
  /**
   * Decides anew, with the state of the version that a commit is about, on what depends on it; null: there is none. Throws `AccessDenied`.
   * Called in each attempt; absent as above.
   */
  readonly permit?: (object: ObjectFacts | null, bucket: BucketRecord) => void
}
