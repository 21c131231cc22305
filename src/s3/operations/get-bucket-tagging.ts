import { getBucketTagging as model } from '../../model/s3/get-bucket-tagging.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Shows the bucket's tags. Throws `NoSuchTagSet`. */
export const getBucketTaggingHandler = handler(model, async (_input, call) => {
  const { tags } = call.bucket
  if (tags.length === 0) throw new ServiceError('NoSuchTagSet')
  return { Tagging: { TagSet: tags.map(({ key, value }) => ({ Key: key, Value: value ?? '' })) } }
})
