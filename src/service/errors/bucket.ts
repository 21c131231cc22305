import type { CorsFault } from '../cors/cors-rules.ts'
import type { NoFields } from './no-fields.ts'

/** Why a bucket is not deleted without force. */
export type BucketUse =
  | { readonly by: 'content' | 'access-keys' | 'resources' }
  | { readonly by: 'access-log'; readonly of: string }

/** A setting that a bucket may have or not. */
export type BucketSetting =
  | 'cors-rules'
  | 'encryption'
  | 'lifecycle-rules'
  | 'object-lock'
  | 'object-ownership'
  | 'policy'
  | 'public-access-block'
  | 'tags'

/** Of buckets, their making, deletion and settings. */
export interface BucketErrors {
  NoSuchBucket: { readonly bucketName: string }
  InvalidBucketName: { readonly bucketName: string }
  /** Another account has the name, or the same one for a bucket with other settings. */
  BucketNameTaken: { readonly bucketName: string }
  BucketOwnedAlready: { readonly bucketName: string }
  /** Of which buckets are to be shown: what only one can be asked for is wanted of all, or a page of the only one. */
  InvalidBucketSelection: { readonly problem: 'cors-of-all' | 'page-of-one' }
  TooManyBuckets: { readonly count: number }
  /** The account was deleted while the request was under way. */
  AccountGone: NoFields
  BucketNotEmpty: { readonly bucketName: string }
  BucketInUse: { readonly bucketName: string; readonly uses: readonly BucketUse[] }
  /** By force neither: a version must stay. `retainUntil`: epoch milliseconds; null under legal hold. */
  BucketHoldsLockedVersion: {
    readonly bucketName: string
    readonly objectKey: string
    readonly versionId: string
    readonly mode: 'GOVERNANCE' | 'COMPLIANCE' | null
    readonly retainUntil: number | null
  }
  NoSuchBundle: { readonly bundleId: string; readonly bundleIds: readonly string[] }
  SameBundle: { readonly bucketName: string; readonly bundleId: string }
  /** `nextChangeAt`: epoch milliseconds. */
  BundleChangedThisMonth: { readonly bucketName: string; readonly nextChangeAt: number }
  NoSuchSetting: { readonly bucketName: string; readonly setting: BucketSetting }
  /** A new bucket is to be in another region than the one that is addressed, which makes its own only. */
  LocationElsewhere: { readonly locationConstraint: string }
  NoSuchLocation: { readonly locationConstraint: string }
  /** Whoever is said to own the bucket is neither an account id nor as long as a canonical one. */
  InvalidExpectedOwner: { readonly expected: string }
  InvalidVersioning: { readonly versioning: string }
  /** Object lock needs versioning for as long as the bucket lives. */
  VersioningNeededByObjectLock: NoFields
  ObjectLockNeedsVersioning: NoFields
  InvalidCorsRules: CorsFault
  /** `destination`: of one that cannot receive logs. */
  InvalidAccessLog: {
    readonly problem: 'destination-missing' | 'destination-not-wanted' | 'destination-unfit'
    readonly destination?: string
  }
  /** An account id that is none. */
  InvalidReadonlyAccount: { readonly accountId: string }
  /** `got`: the period in seconds, or the points that may be. */
  InvalidMetricRange: {
    readonly problem: 'ends-before-it-begins' | 'period' | 'too-many-points'
    readonly got?: number
  }
}
