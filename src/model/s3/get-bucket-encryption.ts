import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { ServerSideEncryptionConfiguration } from './shapes/bucket-encryption.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows how new objects are encrypted. */
export const getBucketEncryption = operation('GetBucketEncryption', {
  http: { method: 'GET', target: 'bucket', query: 'encryption' },
  rights: [right('s3:GetEncryptionConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({
    ServerSideEncryptionConfiguration: payload(
      ServerSideEncryptionConfiguration,
      'ServerSideEncryptionConfiguration',
    ),
  }),
  errors: ['ServerSideEncryptionConfigurationNotFoundError'],
})
