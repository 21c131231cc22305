import { putObjectLegalHold as model } from '../../model/s3/put-object-legal-hold.ts'
import { ServiceError } from '../../service/errors.ts'
import { putObjectLegalHold } from '../../service/objects/object-lock.ts'
import { permittedAddress } from '../permitted-object.ts'
import { handler } from '../operation-handler.ts'

/** Puts a version under legal hold or lifts it. */
export const putObjectLegalHoldHandler = handler(
  model,
  async (input, call) => {
    const { Status } = input.LegalHold
    if (Status === undefined) throw new ServiceError('MalformedXML')
    await putObjectLegalHold(call.context, call.admission, {
      ...permittedAddress(call, input),
      legalHold: Status === 'ON',
    })
    return {}
  },
  {
    documentFacts: ({ LegalHold: { Status } }) => ({
      headers: Status === undefined ? {} : { 'x-amz-object-lock-legal-hold': Status },
    }),
  },
)
