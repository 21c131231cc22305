import { checkTags } from '../../../service/tags/check-tags.ts'
import * as model from '../../../model/s3/settings/tagging.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { handler } from '../../operation-handler.ts'
import { givenTags } from '../../request/given-tags.ts'

/** Shows the bucket's tags. Throws `NoSuchTagSet`. */
export const getBucketTaggingHandler = handler(model.getBucketTagging, async (_input, call) => {
  const { tags } = call.bucket
  if (tags.length === 0)
    throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'tags' })
  return { Tagging: { TagSet: tags.map(({ key, value }) => ({ Key: key, Value: value ?? '' })) } }
})

/** Replaces all tags of the bucket, which Lightsail's API shows too. Throws `InvalidTag`. */
export const putBucketTaggingHandler = handler(model.putBucketTagging, async (input, call) => {
  const tags = checkTags(givenTags(input.Tagging.TagSet), 'bucket')
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, tags }))
  return {}
})

/** Removes all tags of the bucket. */
export const deleteBucketTaggingHandler = handler(model.deleteBucketTagging, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, tags: [] }))
  return {}
})
