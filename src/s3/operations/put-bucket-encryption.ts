import { putBucketEncryption as model } from '../../model/s3/put-bucket-encryption.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Encrypts new objects from now on, unless they say otherwise. Throws `NotImplemented` for keys of a key management service. */
export const putBucketEncryptionHandler = handler(
  model,
  's3:PutEncryptionConfiguration',
  async (input, call) => {
    const [rule] = input.ServerSideEncryptionConfiguration.Rules
    const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
    if (rule === undefined || algorithm === undefined) throw new ServiceError('MalformedXML')
    if (algorithm !== 'AES256' || rule.BucketKeyEnabled === true)
      throw new ServiceError(
        'NotImplemented',
        `Keys of a key management service are not offered: ${algorithm}`,
      )
    await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, encryption: { algorithm } }))
    return {}
  },
)
