import type { Operation } from '../operation.ts'
import { createBucket } from './create-bucket.ts'
import { getBuckets } from './get-buckets.ts'
import { updateBucket } from './update-bucket.ts'
import { updateBucketBundle } from './update-bucket-bundle.ts'
import { deleteBucket } from './delete-bucket.ts'
import { getBucketBundles } from './get-bucket-bundles.ts'
import { getBucketMetricData } from './get-bucket-metric-data.ts'
import { createBucketAccessKey } from './create-bucket-access-key.ts'
import { getBucketAccessKeys } from './get-bucket-access-keys.ts'
import { deleteBucketAccessKey } from './delete-bucket-access-key.ts'
import { setResourceAccessForBucket } from './set-resource-access-for-bucket.ts'
import { getOperation } from './get-operation.ts'
import { getOperations } from './get-operations.ts'
import { getOperationsForResource } from './get-operations-for-resource.ts'
import { tagResource } from './tag-resource.ts'
import { untagResource } from './untag-resource.ts'

/** The Lightsail operations that Lugsail speaks, by their API names. */
export const lightsailOperations = {
  CreateBucket: createBucket,
  GetBuckets: getBuckets,
  UpdateBucket: updateBucket,
  UpdateBucketBundle: updateBucketBundle,
  DeleteBucket: deleteBucket,
  GetBucketBundles: getBucketBundles,
  GetBucketMetricData: getBucketMetricData,
  CreateBucketAccessKey: createBucketAccessKey,
  GetBucketAccessKeys: getBucketAccessKeys,
  DeleteBucketAccessKey: deleteBucketAccessKey,
  SetResourceAccessForBucket: setResourceAccessForBucket,
  GetOperation: getOperation,
  GetOperations: getOperations,
  GetOperationsForResource: getOperationsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
} as const satisfies Readonly<Record<string, Operation>>

/** The name of an operation of the control plane, `CreateBucket`. */
export type LightsailOperationName = keyof typeof lightsailOperations

/** The prefix of `X-Amz-Target`: `Lightsail_20161128.<Operation>`. */
export const LIGHTSAIL_TARGET_PREFIX = 'Lightsail_20161128'
