import * as model from '../../../model/s3/settings/public-access-block.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { handler } from '../../operation-handler.ts'

/** Tells what public access is blocked. Throws `NoSuchPublicAccessBlockConfiguration`. */
export const getPublicAccessBlockHandler = handler(model.getPublicAccessBlock, async (_input, call) => {
  const block = call.bucket.publicAccessBlock
  if (!block)
    throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'public-access-block' })
  return {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: block.blockPublicAcls,
      IgnorePublicAcls: block.ignorePublicAcls,
      BlockPublicPolicy: block.blockPublicPolicy,
      RestrictPublicBuckets: block.restrictPublicBuckets,
    },
  }
})

/** Says what public access is blocked; what is not named is not. */
export const putPublicAccessBlockHandler = handler(model.putPublicAccessBlock, async (input, call) => {
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

/** Nothing public is blocked from now on. */
export const deletePublicAccessBlockHandler = handler(model.deletePublicAccessBlock, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ publicAccessBlock: _block, ...record }) => record)
  return {}
})
