import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BucketName, NonEmptyString } from './shapes/primitives.ts'

/** Changes the plan of a bucket, once a month. */
export const updateBucketBundle = operation('UpdateBucketBundle', {
  doc: 'Puts a bucket on another bundle. This can be done once in a monthly billing cycle.',
  input: structure(
    {
      bucketName: required(BucketName),
      bundleId: required(NonEmptyString, { doc: 'The bundle to change to.' }),
    },
    { name: 'UpdateBucketBundleRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'UpdateBucketBundleResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
