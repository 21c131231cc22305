import type { Key, Version } from '../storage/metadata-store.ts'
import type { ObjectFacts } from './authorization/question.ts'
import type { Principal } from './principal.ts'
import type { BucketRecord } from './records/bucket.ts'
import type { Session } from './sessions/session.ts'

/** A bucket as it was read, with the state it was in. */
export interface StoredBucket {
  readonly record: BucketRecord
  readonly version: Version
}

/** What of an access key is stored, as it was read: a write checks it again. */
export interface CredentialState {
  /** Of the key's record; where a role was taken without a key, of the role's. */
  readonly key: Key
  readonly version: Version
  /** Epoch milliseconds at which it ends, if it does. */
  readonly validUntil?: number
  /** Of temporary credentials. */
  readonly session?: Session
  /** The record of the role that the key took. */
  readonly role?: { readonly key: Key; readonly version: Version }
}

/**
 * By what a data-plane request was let in. The final commit of a write checks the bucket's and the credential's version, so that a bucket
 * that went away or changed its settings, and a key that was deleted, are noticed however long the body took. When that commit
 * conflicts, the writer reads all of it again: a missing credential is `AccessKeyStopped`, a missing bucket `NoSuchBucket`, and with
 * changed settings the decision is made anew.
 */
export interface Admission {
  readonly principal: Principal
  /** Null for an anonymous request. */
  readonly credential: CredentialState | null
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
