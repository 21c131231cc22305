import { getPublicAccessBlock as model } from '../../model/s3/get-public-access-block.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Tells what public access is blocked. Throws `NoSuchPublicAccessBlockConfiguration`. */
export const getPublicAccessBlockHandler = handler(model, async (_input, call) => {
  const block = call.bucket.publicAccessBlock
  if (!block) throw new ServiceError('NoSuchPublicAccessBlockConfiguration')
  return {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: block.blockPublicAcls,
      IgnorePublicAcls: block.ignorePublicAcls,
      BlockPublicPolicy: block.blockPublicPolicy,
      RestrictPublicBuckets: block.restrictPublicBuckets,
    },
  }
})
