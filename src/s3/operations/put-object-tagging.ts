import { putObjectTagging as model } from '../../model/s3/put-object-tagging.ts'
import { putObjectTagging } from '../../service/objects/object-tagging.ts'
import { objectAddress } from '../request/object-address.ts'
import { checkTags } from '../request/tagging-header.ts'
import { byVersion, handler } from '../operation-handler.ts'

/** Replaces the tags of a version. Throws `InvalidTag`. */
export const putObjectTaggingHandler = handler(
  model,
  byVersion('s3:PutObjectTagging', 's3:PutObjectVersionTagging'),
  async (input, call) => {
    const tags = checkTags(input.Tagging.TagSet.map(({ Key, Value }) => ({ key: Key, value: Value })))
    const { versionId } = await putObjectTagging(call.context, call.admission, {
      ...objectAddress(call, input),
      tags,
    })
    return { VersionId: versionId }
  },
)
