import type { ENCRYPTION_ALGORITHM } from '../../model/s3/shapes/encryption.ts'
import { recordCodec } from './codec.ts'

/** A stored bucket with all its settings: one record, so that one read tells all that a request needs to know. */
export interface BucketRecord {
  readonly bucketId: string
  readonly name: string
  readonly accountId: string
  readonly region: string
  readonly createdAt: number
  /** Which API made it: Lightsail buckets take object ACLs only where accessRules say so; S3's own are born with ACLs in force. */
  readonly origin: 'lightsail' | 's3'
  /** The location that CreateBucket named; absent when it left it to the region that the request was signed for. */
  readonly locationConstraint?: string

  readonly bundleId: string
  /** When the bundle last changed; absent when never. */
  readonly bundleChangedAt?: number
  readonly accessRules: { readonly getObject: 'public' | 'private'; readonly allowPublicOverrides: boolean }
  readonly versioning: 'NeverEnabled' | 'Enabled' | 'Suspended'
  /** Account ids that may read all objects. */
  readonly readonlyAccessAccounts: readonly string[]
  /** Resources with full access. */
  readonly receivers: readonly { readonly name: string; readonly resourceType: string }[]
  readonly accessLog?: { readonly enabled: boolean; readonly destination?: string; readonly prefix?: string }
  readonly cors?: readonly CorsRule[]
  readonly tags: readonly { readonly key: string; readonly value?: string }[]

  readonly acl?: AccessControlList
  readonly objectOwnership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'
  readonly publicAccessBlock?: PublicAccessBlock
  /** The policy document as its owner wrote it. */
  readonly policy?: string
  readonly lifecycle?: readonly LifecycleRule[]
  readonly encryption?: {
    readonly algorithm: typeof ENCRYPTION_ALGORITHM
    readonly bucketKeyEnabled?: true
    /** What somebody said of encryption that new objects may not have: `SSE-C`, or none. */
    readonly blockedType?: 'NONE' | 'SSE-C'
    /** The bucket was made encrypted: what it started with counts, or somebody has asked for something since, and it is what a removal leads back to. */
    readonly startedWith?: 'in force' | 'replaced'
  }
  readonly objectLock?: { readonly enabled: true; readonly defaultRetention?: DefaultRetention }
  /**
   * Somebody looks through the bucket for locked versions, to delete it: whoever locks one, or moves a locked one to another row, takes this away in
   * the same commit, so that the deletion notices.
   */
  readonly locksAreWatched?: true
  /** Its usage counters have the sums of its records (see usage.ts): from the beginning, or since they were set. */
  readonly sumsRecords?: true
}

/** The stored form of a bucket. */
export const bucketCodec = recordCodec<BucketRecord>('bucket', 1)

/** What pages of some origins may ask of a bucket; patterns hold one `*` at most. */
export interface CorsRule {
  readonly id?: string
  readonly allowedMethods: readonly string[]
  readonly allowedOrigins: readonly string[]
  readonly allowedHeaders?: readonly string[]
  readonly exposeHeaders?: readonly string[]
  readonly maxAgeSeconds?: number
}

/** What an ACL grants. */
export type AclPermission = 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP'

/** Whom an ACL grants something: an account, or one of S3's groups. */
export type Grantee =
  | { readonly type: 'account'; readonly accountId: string }
  | { readonly type: 'group'; readonly group: 'AllUsers' | 'AuthenticatedUsers' | 'LogDelivery' }

/** An ACL: who owns the thing, and what is granted to whom. */
export interface AccessControlList {
  readonly ownerAccountId: string
  readonly grants: readonly { readonly grantee: Grantee; readonly permission: AclPermission }[]
}

interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

/** How long versions of a bucket are locked that ask for nothing else: `days` or `years`, one of the two. */
export interface DefaultRetention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE'
  readonly days?: number
  readonly years?: number
}

/** What happens to objects of a bucket in time; only those that fit prefix, tags and sizes. `expiration.date` in epoch milliseconds. */
export interface LifecycleRule {
  readonly id: string
  readonly status: 'Enabled' | 'Disabled'
  readonly prefix?: string
  readonly tags?: readonly { readonly key: string; readonly value: string }[]
  readonly sizeGreaterThanBytes?: number
  readonly sizeLessThanBytes?: number
  readonly expiration?: {
    readonly days?: number
    readonly date?: number
    readonly expiredObjectDeleteMarker?: boolean
  }
  readonly noncurrentVersionExpiration?: {
    readonly noncurrentDays?: number
    readonly newerNoncurrentVersions?: number
  }
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number }
  /** The rule was given with the older top-level Prefix, and is answered so. */
  readonly hasTopLevelPrefix?: boolean
}
