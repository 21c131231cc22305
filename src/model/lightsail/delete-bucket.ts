import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BooleanValue, BucketName } from './shapes/primitives.ts'

/** Deletes a bucket; what is in it, only by force. */
export const deleteBucket = operation('DeleteBucket', {
  doc: 'Deletes a bucket for good. Its name is then free for others.',
  input: structure(
    {
      bucketName: required(BucketName),
      forceDelete: optional(BooleanValue, {
        doc: 'Deletes also a bucket that has objects, access keys or connected resources, with all of them.',
      }),
    },
    { name: 'DeleteBucketRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'DeleteBucketResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
