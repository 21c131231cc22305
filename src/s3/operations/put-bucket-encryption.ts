import { putBucketEncryption as model } from '../../model/s3/put-bucket-encryption.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { ServiceError } from '../../service/errors.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'
import { handler } from '../operation-handler.ts'

/** Encrypts new objects from now on, unless they say otherwise. Throws `NotImplemented` for keys of a key management service. */
export const putBucketEncryptionHandler = handler(model, async (input, call) => {
  const [rule] = input.ServerSideEncryptionConfiguration.Rules
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
  if (rule === undefined || algorithm === undefined) throw new ServiceError('MalformedXML')
  if (algorithm !== 'AES256')
    throw new ServiceError('NotImplemented', `Keys of a key management service are not offered: ${algorithm}`)
  // A bucket key spares calls to a key management service: beside AES256 it changes nothing, and is only told again.
  const encryption: BucketRecord['encryption'] = {
    algorithm,
    ...(rule.BucketKeyEnabled === true && { bucketKeyEnabled: true }),
  }
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, encryption }))
  return {}
})
