import { getObjectLegalHold as model } from '../../model/s3/get-object-legal-hold.ts'
import { getObjectLegalHold } from '../../service/objects/object-lock.ts'
import { permittedAddress } from '../permitted-object.ts'
import { handler } from '../operation-handler.ts'

/** Tells whether a version is under legal hold. Throws `NoSuchObjectLockConfiguration`. */
export const getObjectLegalHoldHandler = handler(
  model,
  async (input, call) => {
    const isHeld = await getObjectLegalHold(call.context, call.admission, permittedAddress(call, input))
    return { LegalHold: { Status: isHeld ? ('ON' as const) : ('OFF' as const) } }
  },
  { permitsObject: true },
)
