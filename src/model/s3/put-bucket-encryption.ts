import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { ServerSideEncryptionConfiguration } from './shapes/bucket-encryption.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets how new objects are encrypted. */
export const putBucketEncryption = operation('PutBucketEncryption', {
  http: { method: 'PUT', target: 'bucket', query: 'encryption' },
  rights: [right('s3:PutEncryptionConfiguration', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    ServerSideEncryptionConfiguration: requiredPayload(
      ServerSideEncryptionConfiguration,
      'ServerSideEncryptionConfiguration',
    ),
  }),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
