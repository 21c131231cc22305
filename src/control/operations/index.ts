import type { LightsailOperationName, lightsailOperations } from '../../model/lightsail/index.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { handleCreateBucket } from './create-bucket.ts'
import { handleGetBuckets } from './get-buckets.ts'
import { handleUpdateBucket } from './update-bucket.ts'
import { handleUpdateBucketBundle } from './update-bucket-bundle.ts'
import { handleDeleteBucket } from './delete-bucket.ts'
import { handleGetBucketBundles } from './get-bucket-bundles.ts'
import { handleGetBucketMetricData } from './get-bucket-metric-data.ts'
import { handleCreateBucketAccessKey } from './create-bucket-access-key.ts'
import { handleGetBucketAccessKeys } from './get-bucket-access-keys.ts'
import { handleDeleteBucketAccessKey } from './delete-bucket-access-key.ts'
import { handleSetResourceAccessForBucket } from './set-resource-access-for-bucket.ts'
import { handleGetOperation } from './get-operation.ts'
import { handleGetOperations } from './get-operations.ts'
import { handleGetOperationsForResource } from './get-operations-for-resource.ts'
import { handleTagResource } from './tag-resource.ts'
import { handleUntagResource } from './untag-resource.ts'

/** The handler of each operation, by its API name. */
export const operationHandlers: {
  readonly [N in LightsailOperationName]: OperationHandler<(typeof lightsailOperations)[N]>
} = {
  CreateBucket: handleCreateBucket,
  GetBuckets: handleGetBuckets,
  UpdateBucket: handleUpdateBucket,
  UpdateBucketBundle: handleUpdateBucketBundle,
  DeleteBucket: handleDeleteBucket,
  GetBucketBundles: handleGetBucketBundles,
  GetBucketMetricData: handleGetBucketMetricData,
  CreateBucketAccessKey: handleCreateBucketAccessKey,
  GetBucketAccessKeys: handleGetBucketAccessKeys,
  DeleteBucketAccessKey: handleDeleteBucketAccessKey,
  SetResourceAccessForBucket: handleSetResourceAccessForBucket,
  GetOperation: handleGetOperation,
  GetOperations: handleGetOperations,
  GetOperationsForResource: handleGetOperationsForResource,
  TagResource: handleTagResource,
  UntagResource: handleUntagResource,
}
