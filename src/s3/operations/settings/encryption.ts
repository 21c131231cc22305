import * as model from '../../../model/s3/settings/encryption.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { S3Error } from '../../s3-error.ts'
import type { BucketRecord } from '../../../service/records/bucket.ts'
import { handler } from '../../operation-handler.ts'

/** Shows the default encryption. Throws `ServerSideEncryptionConfigurationNotFoundError`. */
export const getBucketEncryptionHandler = handler(model.getBucketEncryption, async (_input, call) => {
  const { encryption } = call.bucket
  if (!encryption)
    throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'encryption' })
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

/** Encrypts new objects from now on, unless they say otherwise. Throws `NotImplemented` for keys of a key management service. */
export const putBucketEncryptionHandler = handler(model.putBucketEncryption, async (input, call) => {
  const [rule] = input.ServerSideEncryptionConfiguration.Rules
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
  if (rule === undefined || algorithm === undefined) throw new S3Error('MalformedXML')
  if (algorithm !== 'AES256')
    throw new S3Error('NotImplemented', `Keys of a key management service are not offered: ${algorithm}`)
  // A bucket key spares calls to a key management service: beside AES256 it changes nothing, and is only told again.
  const encryption: BucketRecord['encryption'] = {
    algorithm,
    ...(rule.BucketKeyEnabled === true && { bucketKeyEnabled: true }),
  }
  await changeS3Bucket(call.context, call.admission, (record) => ({
    ...record,
    encryption: { ...encryption, ...(record.encryption?.startedWith && { startedWith: 'replaced' }) },
  }))
  return {}
})

/** Leads back to what the bucket was made with: S3 encrypts each object of its buckets. Otherwise new objects are stored as they are from now on. */
export const deleteBucketEncryptionHandler = handler(model.deleteBucketEncryption, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ encryption, ...record }) =>
    encryption?.startedWith
      ? { ...record, encryption: { algorithm: encryption.algorithm, startedWith: 'in force' } }
      : record,
  )
  return {}
})
