import { putBucketTagging as model } from '../../model/s3/put-bucket-tagging.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { checkTags } from '../request/tagging-header.ts'
import { handler } from '../operation-handler.ts'

const TAGS_PER_BUCKET_MAX = 50

/** Replaces all tags of the bucket, which Lightsail's API shows too. Throws `InvalidTag`. */
export const putBucketTaggingHandler = handler(model, 's3:PutBucketTagging', async (input, call) => {
  const tags = checkTags(
    input.Tagging.TagSet.map(({ Key, Value }) => ({ key: Key, value: Value })),
    TAGS_PER_BUCKET_MAX,
  )
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, tags }))
  return {}
})
