import { putPublicAccessBlock as model } from '../../model/s3/put-public-access-block.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Says what public access is blocked; what is not named is not. */
export const putPublicAccessBlockHandler = handler(model, async (input, call) => {
  const wanted = input.PublicAccessBlockConfiguration
  const publicAccessBlock = {
    blockPublicAcls: wanted.BlockPublicAcls ?? false,
    ignorePublicAcls: wanted.IgnorePublicAcls ?? false,
    blockPublicPolicy: wanted.BlockPublicPolicy ?? false,
    restrictPublicBuckets: wanted.RestrictPublicBuckets ?? false,
  }
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, publicAccessBlock }))
  return {}
})
