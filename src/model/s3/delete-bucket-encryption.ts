import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets the default encryption back. */
export const deleteBucketEncryption = operation('DeleteBucketEncryption', {
  http: { method: 'DELETE', target: 'bucket', query: 'encryption', status: 204 },
  rights: [right('s3:PutEncryptionConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
