import * as model from '../../../model/s3/settings/encryption.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import {
  withDefaultEncryption,
  withoutDefaultEncryption,
} from '../../../service/buckets/default-encryption.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { S3Error } from '../../s3-error.ts'
import { ENCRYPTION_ALGORITHM, type ServerSideEncryption } from '../../../model/s3/shapes/encryption.ts'
import type { ValueOf } from '../../../model/shape.ts'
import { handler } from '../../operation-handler.ts'

interface DefaultEncryption {
  readonly SSEAlgorithm: ValueOf<typeof ServerSideEncryption>
  readonly KMSMasterKeyID?: string | undefined
}

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
          ...(encryption.blockedType && {
            BlockedEncryptionTypes: { EncryptionType: [encryption.blockedType] },
          }),
        },
      ],
    },
  }
})

/**
 * Encrypts new objects from now on, unless they say otherwise, and says whether they may be under customers' keys; what is not said of these
 * stays as it was. Throws `MalformedXML` for a rule that says neither, `InvalidArgument` for the key of another algorithm, and `NotImplemented`
 * for keys of a key management service.
 */
export const putBucketEncryptionHandler = handler(model.putBucketEncryption, async (input, call) => {
  const [rule] = input.ServerSideEncryptionConfiguration.Rules
  const byDefault = rule?.ApplyServerSideEncryptionByDefault
  const [blockedType] = rule?.BlockedEncryptionTypes?.EncryptionType ?? []
  if (rule === undefined || (byDefault === undefined && blockedType === undefined))
    throw new S3Error('MalformedXML')
  if (byDefault !== undefined) checkDefault(byDefault)
  await changeS3Bucket(call.context, call.admission, (record) =>
    withDefaultEncryption(record, {
      isAsked: byDefault !== undefined,
      hasBucketKey: rule.BucketKeyEnabled,
      blockedType,
    }),
  )
  return {}
})

function checkDefault({ SSEAlgorithm: algorithm, KMSMasterKeyID: key }: DefaultEncryption): void {
  if (algorithm !== ENCRYPTION_ALGORITHM)
    throw new S3Error('NotImplemented', `Keys of a key management service are not offered: ${algorithm}`)
  if (key !== undefined)
    throw new S3Error(
      'InvalidArgument',
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      { details: { argumentName: 'ApplyServerSideEncryptionByDefault' } },
    )
}

/** Leads back to what the bucket was made with. */
export const deleteBucketEncryptionHandler = handler(model.deleteBucketEncryption, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, withoutDefaultEncryption)
  return {}
})
