import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
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

export const updateBucket = operation('UpdateBucket', {
  input: structure(
    {
      bucketName: required(BucketName),
      accessRules: AccessRules,
      versioning: NonEmptyString,
      readonlyAccessAccounts: PartnerIdList,
      accessLogConfig: BucketAccessLogConfig,
      cors: BucketCorsConfig,
    },
    { name: 'UpdateBucketRequest' },
  ),
  output: structure({ bucket: Bucket, operations: OperationList }, { name: 'UpdateBucketResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
