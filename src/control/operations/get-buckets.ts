import type { getBuckets as getBucketsOperation } from '../../model/lightsail/get-buckets.ts'
import { checkBucketSelection } from '../../service/buckets/bucket-selection.ts'
import { listOwnBuckets } from '../../service/buckets/list-buckets.ts'
import { getOwnBucket } from '../../service/buckets/own-bucket.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentBucket } from '../present-bucket.ts'

/** There is no setting that blocks public access over a whole account here, so there was never one to take over. */
const ACCOUNT_LEVEL_BPA_SYNC = { status: 'NeverSynced', bpaImpactsLightsail: false } as const

/**
 * Shows one bucket, or a page of all in the region. Throws `NotFoundException`, and `InvalidInputException` for arguments that exclude
 * each other.
 */
export const handleGetBuckets: OperationHandler<typeof getBucketsOperation> = async (
  { service, caller },
  { bucketName, pageToken, includeConnectedResources, includeCors },
) => {
  checkBucketSelection({ bucketName, pageToken, includesCors: includeCors === true })
  const parts = { receivers: includeConnectedResources === true, cors: includeCors === true }
  if (bucketName !== undefined) {
    const { record } = await getOwnBucket(service, caller, bucketName)
    return { buckets: [presentBucket(service, record, parts)], accountLevelBpaSync: ACCOUNT_LEVEL_BPA_SYNC }
  }
  const page = await listOwnBuckets(service, caller, pageToken)
  return {
    buckets: page.buckets.map((record) => presentBucket(service, record, parts)),
    nextPageToken: page.nextPageToken,
    accountLevelBpaSync: ACCOUNT_LEVEL_BPA_SYNC,
  }
}
