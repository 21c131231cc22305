import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { ERRORS_OF_EVERY_OPERATION } from './errors.ts'
import { Bucket } from './shapes/bucket.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BooleanValue, BucketName, NonEmptyString } from './shapes/primitives.ts'
import { TagList } from './shapes/tag.ts'

/** Makes a bucket in the region that is called. */
export const createBucket = operation('CreateBucket', {
  doc: "Makes a bucket in the region that is called. A bucket's name is unique over all accounts, and its region never changes.",
  input: structure(
    {
      bucketName: required(BucketName),
      bundleId: required(NonEmptyString, {
        doc: 'The bundle to put the bucket on, as get-bucket-bundles lists them.',
      }),
      tags: optional(TagList, { doc: 'Tags to give the bucket.' }),
      enableObjectVersioning: optional(BooleanValue, {
        doc: 'Whether every change of an object keeps the state before it as a version.',
      }),
    },
    { name: 'CreateBucketRequest' },
  ),
  output: structure({ bucket: Bucket, operations: OperationList }, { name: 'CreateBucketResult' }),
  errors: ERRORS_OF_EVERY_OPERATION,
})
