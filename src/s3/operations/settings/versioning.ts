import * as model from '../../../model/s3/settings/versioning.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { withVersioning } from '../../../service/buckets/versioning.ts'
import { S3Error } from '../../s3-error.ts'
import { handler } from '../../operation-handler.ts'

/** Tells whether versions are kept; nothing when they never were. */
export const getBucketVersioningHandler = handler(model.getBucketVersioning, async (_input, call) => {
  const { versioning } = call.bucket
  return { VersioningConfiguration: versioning === 'NeverEnabled' ? {} : { Status: versioning } }
})

/** Switches versioning on or suspends it. Throws `InvalidBucketState` in a bucket with object lock. */
export const putBucketVersioningHandler = handler(model.putBucketVersioning, async (input, call) => {
  const { Status, MfaDelete } = input.VersioningConfiguration
  if (MfaDelete === 'Enabled') throw new S3Error('NotImplemented', 'MFA delete is not implemented.')
  if (Status === undefined)
    throw new S3Error('IllegalVersioningConfigurationException', 'The Versioning element must be specified')
  await changeS3Bucket(call.context, call.admission, (record) => withVersioning(record, Status))
  return {}
})
