import { putObjectRetention as model } from '../../model/s3/put-object-retention.ts'
import { ServiceError } from '../../service/errors.ts'
import { putObjectRetention } from '../../service/objects/object-lock.ts'
import { objectAddress } from '../request/object-address.ts'
import { handler } from '../operation-handler.ts'

/** Retains a version, or (an empty document) no longer. Throws as `putObjectRetention` of the rules. */
export const putObjectRetentionHandler = handler(model, 's3:PutObjectRetention', async (input, call) => {
  const { Mode: mode, RetainUntilDate: retainUntil } = input.Retention
  if ((mode === undefined) !== (retainUntil === undefined)) throw new ServiceError('MalformedXML')
  const mayBypass = input.BypassGovernanceRetention === true && call.isAllowed('s3:BypassGovernanceRetention')
  await putObjectRetention(call.context, call.admission, {
    ...objectAddress(call, input),
    retention: mode === undefined || retainUntil === undefined ? null : { mode, retainUntil },
    ...(mayBypass && { bypassGovernance: true }),
  })
  return {}
})
