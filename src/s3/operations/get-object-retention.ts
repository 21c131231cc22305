import { getObjectRetention as model } from '../../model/s3/get-object-retention.ts'
import { getObjectRetention } from '../../service/objects/object-lock.ts'
import { permittedAddress } from '../permitted-object.ts'
import { handler } from '../operation-handler.ts'

/** Tells until when a version is retained. Throws `NoSuchObjectLockConfiguration`. */
export const getObjectRetentionHandler = handler(
  model,
  async (input, call) => {
    const { mode, retainUntil } = await getObjectRetention(
      call.context,
      call.admission,
      permittedAddress(call, input),
    )
    return { Retention: { Mode: mode, RetainUntilDate: retainUntil } }
  },
  { permitsObject: true },
)
