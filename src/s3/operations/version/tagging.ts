import { checkTags } from '../../../service/tags/check-tags.ts'
import type { InputOf } from '../../../model/operation.ts'
import * as model from '../../../model/s3/version/tagging.ts'
import { getObjectTagging, putObjectTagging } from '../../../service/objects/object-tagging.ts'
import type { ObjectTag } from '../../../service/records/object.ts'
import { handler } from '../../operation-handler.ts'
import { permittedAddress } from '../../permitted-object.ts'
import { givenTags } from '../../request/given-tags.ts'

/** Shows the tags of a version, by key. */
export const getObjectTaggingHandler = handler(
  model.getObjectTagging,
  async (input, call) => {
    const { versionId, tags } = await getObjectTagging(
      call.context,
      call.admission,
      permittedAddress(call, input),
    )
    return {
      VersionId: versionId,
      Tagging: { TagSet: byKey(tags).map(({ key, value }) => ({ Key: key, Value: value })) },
    }
  },
  { permitsObject: true },
)

const byKey = (tags: readonly ObjectTag[]): readonly ObjectTag[] =>
  tags.toSorted((left, right) => (left.key < right.key ? -1 : 1))

/** Replaces the tags of a version. Throws `InvalidTag`. */
export const putObjectTaggingHandler = handler(
  model.putObjectTagging,
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

const tagsOf = ({ Tagging }: InputOf<typeof model.putObjectTagging>): readonly ObjectTag[] =>
  givenTags(Tagging.TagSet)

/** Removes the tags of a version. */
export const deleteObjectTaggingHandler = handler(model.deleteObjectTagging, async (input, call) => {
  const { versionId } = await putObjectTagging(call.context, call.admission, {
    ...permittedAddress(call, input),
    tags: [],
  })
  return { VersionId: versionId }
})
