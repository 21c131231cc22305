import type { Principal } from '../principal.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'
import type { S3Action } from '../../model/s3/action.ts'

/** May `principal` do `action`? All that the answer is made from. */
export interface AccessQuestion {
  readonly principal: Principal
  readonly action: S3Action
  /** The bucket acted on; null for `s3:ListAllMyBuckets` and `s3:CreateBucket`. */
  readonly bucket: BucketRecord | null
  /** The object's key, for object actions. */
  readonly objectKey?: string
  /**
   * What the object's stored version says: leave it out until it was read (the answer is then `needs-object` where it matters), and pass
   * null when there is no such object.
   */
  readonly object?: ObjectFacts | null
  readonly request: RequestFacts
}

/** The part of a stored object that access depends on; an `ObjectRecord` fits. */
export interface ObjectFacts {
  readonly ownerAccountId: string
  readonly acl?: AccessControlList
  readonly tags?: readonly { readonly key: string; readonly value: string }[]
  /** It is about to be made by the one who asks. */
  readonly isNew?: true
  /** Who began it, where this is an upload in progress. */
  readonly initiatorAccountId?: string
}

/** What a bucket policy's conditions may look at. Read only when the bucket has a policy. */
export interface RequestFacts {
  /** The client's address. */
  readonly sourceIp: string
  /** Whether the request came over TLS. */
  readonly isSecure: boolean
  /** Epoch milliseconds. */
  readonly now: number
  /** Lower-case names, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The value of a query argument (`prefix`, `delimiter`, `max-keys`, `versionId`), or null. */
  readonly query: (name: string) => string | null
  readonly authenticationType?: 'REST-HEADER' | 'REST-QUERY-STRING' | 'POST'
  /** Version 2, in a presigned URL or a browser form; absent: version 4, where the request is signed. */
  readonly signatureVersion?: 'AWS'
  /** Age of the signature in milliseconds, where there is one that tells its time. */
  readonly signatureAgeMs?: number
  /** Tags that the request gives to the object. */
  readonly requestTags?: readonly { readonly key: string; readonly value: string }[]
  /** The object that the request copies, as policies write it: `bucket/key`, decoded. Null: the request names none that could be one. */
  readonly copySource?: () => string | null
  /** What the entry of a batch says in the place of If-Match; null: nothing. Absent: the header counts. */
  readonly ifMatch?: string | null
  /** Whether the request makes an object, once it is allowed: a part, or the beginning of an upload, makes none. Absent: it is no upload. */
  readonly createsObject?: boolean
  /** Tags and locks come with the document, which was not read yet: what depends on them is decided after that. */
  readonly awaitsDocument?: true
  /** The ACL that the request would give to the bucket or object makes it public; `BlockPublicAcls` then refuses. */
  readonly givesPublicAcl?: boolean
}

/** Why a request was refused; for logs and tests, never shown to the one who asked. */
type DenyReason =
  | 'not-granted'
  | 'anonymous'
  | 'other-bucket'
  | 'not-attached'
  | 'account-only'
  | 'explicit-deny'
  | 'public-access-blocked'
  | 'too-much-matching'

/** The answer to a question. */
export type Decision =
  | { readonly outcome: 'allow' }
  /** Refused: the data plane answers `AccessDenied`. */
  | { readonly outcome: 'deny'; readonly reason: DenyReason }
  /** It depends on the object: read it and ask again. */
  | { readonly outcome: 'needs-object' }

/** The request may go on. */
export const ALLOW: Decision = { outcome: 'allow' }
/** The object must be read first. */
export const NEEDS_OBJECT: Decision = { outcome: 'needs-object' }
/** A refusal, with the reason that logs and tests see. */
export const deny = (reason: DenyReason): Decision => ({ outcome: 'deny', reason })
