import * as model from '../../../model/s3/object/put-object.ts'
import { isLockedFromBeginning } from '../../../service/locks/lock-rules.ts'
import { putObject } from '../../../service/objects/put-object.ts'
import { noteVersion } from '../../access-log/note-version.ts'
import { writtenObjectOutput } from '../../response/written-object-output.ts'
import { handler } from '../../operation-handler.ts'
import { newObjectAcl } from '../../request/acl-headers.ts'
import { objectAttributes } from '../../request/object-attributes.ts'
import { writeConditions } from '../../request/write-conditions.ts'

/** Stores an object. Throws what `RequestBody.openObject` and `putObject` throw. */
export const putObjectHandler = handler(model.putObject, async (input, call) => {
  const attributes = objectAttributes(call.context.settings, input, await newObjectAcl(call, input))
  const conditions = writeConditions(input)
  if (isLockedFromBeginning(call.bucket, attributes)) call.body.requireDigest('Put Object')
  const body = await call.body.openObject()
  const written = await putObject(call.context, call.admission, {
    objectKey: call.objectKey,
    body,
    attributes,
    ...conditions,
  })
  noteVersion(call.exchange.facts, written)
  return writtenObjectOutput(call, written)
})
