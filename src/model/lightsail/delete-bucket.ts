import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BooleanValue, BucketName } from './shapes/primitives.ts'

export const deleteBucket = operation('DeleteBucket', {
  input: structure(
    { bucketName: required(BucketName), forceDelete: BooleanValue },
    { name: 'DeleteBucketRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'DeleteBucketResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
