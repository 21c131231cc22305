import { deleteObjectTagging as model } from '../../model/s3/delete-object-tagging.ts'
import { putObjectTagging } from '../../service/objects/object-tagging.ts'
import { permittedAddress } from '../permitted-object.ts'
import { handler } from '../operation-handler.ts'

/** Removes the tags of a version. */
export const deleteObjectTaggingHandler = handler(model, async (input, call) => {
  const { versionId } = await putObjectTagging(call.context, call.admission, {
    ...permittedAddress(call, input),
    tags: [],
  })
  return { VersionId: versionId }
})
