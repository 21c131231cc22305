import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_EVERY_OPERATION } from './errors.ts'
import { Bucket } from './shapes/bucket.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BooleanValue, BucketName, NonEmptyString } from './shapes/primitives.ts'
import { TagList } from './shapes/tag.ts'

export const createBucket = operation('CreateBucket', {
  input: structure(
    {
      bucketName: required(BucketName),
      bundleId: required(NonEmptyString),
      tags: TagList,
      enableObjectVersioning: BooleanValue,
    },
    { name: 'CreateBucketRequest' },
  ),
  output: structure({ bucket: Bucket, operations: OperationList }, { name: 'CreateBucketResult' }),
  errors: ERRORS_OF_EVERY_OPERATION,
})
