import { operation } from '../../operation.ts'
import { enumeration, list, required, structure } from '../../shape.ts'
import { payload, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { ServerSideEncryption } from '../shapes/encryption.ts'
import { BooleanValue, bucketInAddress, StringValue } from '../shapes/primitives.ts'

const Default = structure({ SSEAlgorithm: required(ServerSideEncryption), KMSMasterKeyID: StringValue })

/** How new objects may not be encrypted: by customers' keys, or `NONE`. */
const BlockedTypes = structure({
  EncryptionType: list(enumeration(['NONE', 'SSE-C']), { isFlattened: true, lengthMax: 1 }),
})

/** How new objects of a bucket are encrypted when their request does not say. */
const ServerSideEncryptionConfiguration = structure(
  {
    Rules: required(
      list(
        structure({
          ApplyServerSideEncryptionByDefault: Default,
          BucketKeyEnabled: BooleanValue,
          BlockedEncryptionTypes: BlockedTypes,
        }),
        { isFlattened: true, lengthMax: 1 },
      ),
      { xmlName: 'Rule' },
    ),
  },
  { name: 'ServerSideEncryptionConfiguration' },
)

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
  errors: [],
})

/** Sets the default encryption back. */
export const deleteBucketEncryption = operation('DeleteBucketEncryption', {
  http: { method: 'DELETE', target: 'bucket', query: 'encryption', status: 204 },
  rights: [right('s3:PutEncryptionConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: [],
})
