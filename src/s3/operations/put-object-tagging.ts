import { putObjectTagging as model } from '../../model/s3/put-object-tagging.ts'
import type { InputOf } from '../../model/operation.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import { putObjectTagging } from '../../service/objects/object-tagging.ts'
import { permittedAddress } from '../permitted-object.ts'
import { checkTags } from '../request/tagging-header.ts'
import { handler } from '../operation-handler.ts'

/** Replaces the tags of a version. Throws `InvalidTag`. */
export const putObjectTaggingHandler = handler(
  model,
  async (input, call) => {
    const tags = checkTags(tagsOf(input))
    const { versionId } = await putObjectTagging(call.context, call.admission, {
      ...permittedAddress(call, input),
      tags,
    })
    return { VersionId: versionId }
  },
  { documentFacts: (input) => ({ requestTags: tagsOf(input) }) },
)

const tagsOf = ({ Tagging }: InputOf<typeof model>): ObjectTag[] =>
  Tagging.TagSet.map(({ Key, Value }) => ({ key: Key, value: Value }))
