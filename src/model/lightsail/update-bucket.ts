import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import {
  AccessRules,
  Bucket,
  BucketAccessLogConfig,
  BucketCorsConfig,
  PartnerIdList,
} from './shapes/bucket.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BucketName, NonEmptyString } from './shapes/primitives.ts'

/** Changes settings of a bucket; what is not named stays. */
export const updateBucket = operation('UpdateBucket', {
  doc: 'Changes settings of a bucket. What is not given stays as it is.',
  input: structure(
    {
      bucketName: required(BucketName),
      accessRules: optional(AccessRules, { doc: 'Who may read objects without credentials.' }),
      versioning: optional(NonEmptyString, {
        doc: 'Enabled keeps versions of objects; Suspended stops that and leaves the versions that are there.',
      }),
      readonlyAccessAccounts: optional(PartnerIdList, {
        doc: 'Ids of accounts that may read all objects, at most ten. An empty list takes it from all.',
      }),
      accessLogConfig: optional(BucketAccessLogConfig, {
        doc: 'Whether requests are logged, and into which bucket.',
      }),
      cors: optional(BucketCorsConfig, {
        doc: 'The rules for requests from web pages of other origins. They replace all rules of before.',
      }),
    },
    { name: 'UpdateBucketRequest' },
  ),
  output: structure({ bucket: Bucket, operations: OperationList }, { name: 'UpdateBucketResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
