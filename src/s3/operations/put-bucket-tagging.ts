import { putBucketTagging as model } from '../../model/s3/put-bucket-tagging.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { checkBucketTags } from '../request/tagging-header.ts'
import { handler } from '../operation-handler.ts'

/** Replaces all tags of the bucket, which Lightsail's API shows too. Throws `InvalidTag`. */
export const putBucketTaggingHandler = handler(model, async (input, call) => {
  const tags = checkBucketTags(input.Tagging.TagSet)
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, tags }))
  return {}
})
