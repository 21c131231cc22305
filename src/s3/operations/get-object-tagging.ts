import { getObjectTagging as model } from '../../model/s3/get-object-tagging.ts'
import { getObjectTagging } from '../../service/objects/object-tagging.ts'
import { permittedAddress } from '../permitted-object.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import { handler } from '../operation-handler.ts'

/** Shows the tags of a version, by key. */
export const getObjectTaggingHandler = handler(
  model,
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
