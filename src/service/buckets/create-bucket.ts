import type { Caller } from '../caller.ts'
import { accountTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { OperationRecord } from '../records/operation.ts'
import { checkBundleId } from './bundles.ts'
import { newBucketRecord, newBucketSets, readNameAndQuota } from './new-bucket.ts'
import { mergeTags } from './tags.ts'
import type { BucketTag } from './tags.ts'

interface CreateBucketInput {
  /** Checked against the API's pattern before. */
  readonly bucketName: string
  readonly bundleId: string
  readonly tags?: readonly BucketTag[] | undefined
  readonly enableObjectVersioning?: boolean | undefined
}

/**
 * Makes a bucket in the caller's region. Names are unique over all accounts, and over buckets made through S3. Throws
 * `BucketNameTaken`, `NoSuchBundle`, `InvalidTag`, `TooManyTags`, and `TooManyBuckets`.
 */
export async function createBucket(
  context: ServiceContext,
  caller: Caller,
  input: CreateBucketInput,
): Promise<{ bucket: BucketRecord; operation: OperationRecord }> {
  const { bucketName, bundleId } = input
  checkBundleId(bundleId)
  const tags = mergeTags([], input.tags ?? [])
  return await commitForCaller(context, caller, accountTurn(caller.accountId), async () => {
    const free = await readNameAndQuota(context, caller.accountId, bucketName)
    if (free.holder) {
      throw new DomainError('BucketNameTaken', { bucketName })
    }
    const bucket = newBucketRecord(context, caller, bucketName, {
      origin: 'lightsail',
      bundleId,
      tags,
      versioning: input.enableObjectVersioning === true ? 'Enabled' : 'NeverEnabled',
    })
    const operation = newOperationRecord(context, caller, bucketName, 'CreateBucket')
    return {
      change: {
        checks: free.checks,
        sets: [...free.sets, ...newBucketSets(bucket), ...operationRecordSets(operation)],
      },
      result: { bucket, operation },
    }
  })
}
