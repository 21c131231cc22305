import { S3_ACTIONS } from '../../model/s3/action.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { KeyScope } from './key-scope.ts'
import { matchPolicy } from './policy/evaluate.ts'
import { TooMuchMatching } from './policy/matching-work.ts'
import { keyPolicyOf } from './policy/stored-policy.ts'
import type { AccessQuestion } from './question.ts'
import { EVERYWHERE } from './within-scope.ts'

/** Who lists buckets, and how. */
export type ListingQuestion = Pick<AccessQuestion, 'principal' | 'request' | 'memory'>

/**
 * Those of an account's buckets whose names are shown to a key: what it is bound to, and of those what its policy allows anything in, or all where the policy
 * allows `s3:ListAllMyBuckets`; never one of which it denies to ask whether it is there. Throws `PolicyTooCostly`.
 */
export function shownBuckets(
  scope: KeyScope,
  question: ListingQuestion,
  buckets: readonly BucketRecord[],
): readonly BucketRecord[] {
  const { bucketIds, and } = scope
  const ofScope = bucketIds ? buckets.filter(({ bucketId }) => bucketIds.has(bucketId)) : buckets
  const shown = scope.policy ? shownByPolicy(scope.policy, question, ofScope) : ofScope
  return and ? shownBuckets(and, question, shown) : shown
}

/** In the case in which policies are compared: what is done with a bucket, or with an object. */
const ACTIONS_IN_BUCKETS = S3_ACTIONS.filter(
  (action) => action !== 's3:ListAllMyBuckets' && action !== 's3:CreateBucket',
).map((action) => action.toLowerCase())

function shownByPolicy(
  stored: NonNullable<KeyScope['policy']>,
  question: ListingQuestion,
  buckets: readonly BucketRecord[],
): readonly BucketRecord[] {
  const policy = keyPolicyOf(stored)
  const listing = { ...question, action: 's3:ListAllMyBuckets', bucket: null, object: null } as const
  const asking = { ...question.request, listsNothing: true } as const
  try {
    const showsAll = matchPolicy(policy, 'Allow', listing, EVERYWHERE) === 'yes'
    const giving = policy.statements.filter(
      ({ effect, actions }) =>
        effect === 'Allow' && ACTIONS_IN_BUCKETS.some((action) => actions.isChosen(action, null)),
    )
    return buckets.filter((bucket) => {
      if (!showsAll && !giving.some(({ resources }) => resources.reaches(bucket.name))) return false
      const heading = { ...question, action: 's3:ListBucket', bucket, object: null, request: asking } as const
      return matchPolicy(policy, 'Deny', heading, bucket) !== 'yes'
    })
  } catch (error) {
    if (error instanceof TooMuchMatching) throw new DomainError('PolicyTooCostly')
    throw error
  }
}
