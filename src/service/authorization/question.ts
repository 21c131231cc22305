import type { Principal } from '../principal.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'
import type { S3Action } from '../../model/s3/action.ts'
import type { DecisionMemory } from './policy/decision-memory.ts'
import type { RequestFacts } from './request-facts.ts'

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
  /** What was decided of the same request before: one for all questions about it. */
  readonly memory: DecisionMemory
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

/** Why a request was refused; for logs and tests, never shown to the one who asked. */
type DenyReason =
  | 'not-granted'
  | 'anonymous'
  | 'other-bucket'
  | 'other-network'
  | 'other-prefix'
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
