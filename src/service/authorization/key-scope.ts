import type { S3Action } from '../../model/s3/action.ts'
import type { TextTest } from './policy/matching-work.ts'

/** What an application key is bound by, made ready once for each state of the key. */
export interface KeyScope {
  /** Null: all buckets of the account. */
  readonly bucketIds: ReadonlySet<string> | null
  /** Null: its policy says so. */
  readonly actions: ReadonlySet<S3Action> | null
  readonly policy: { readonly id: string; readonly text: string } | null
  /** Of keys of objects; null: every object. */
  readonly isInPrefixes: TextTest | null
  /** Of the address that a request comes from; null: everywhere. */
  readonly isInNetworks: TextTest | null
  /** It may do in S3 what the account may, its locks apart: `full`, in all buckets and all of each. */
  readonly isWholeAccount: boolean
  /** What it is bound by besides: the policy of a session. */
  readonly and?: KeyScope
}
