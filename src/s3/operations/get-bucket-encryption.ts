import { getBucketEncryption as model } from '../../model/s3/get-bucket-encryption.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Shows the default encryption. Throws `ServerSideEncryptionConfigurationNotFoundError`. */
export const getBucketEncryptionHandler = handler(model, async (_input, call) => {
  const { encryption } = call.bucket
  if (!encryption) throw new ServiceError('ServerSideEncryptionConfigurationNotFoundError')
  return {
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: encryption.algorithm },
          BucketKeyEnabled: encryption.bucketKeyEnabled ?? false,
        },
      ],
    },
  }
})
