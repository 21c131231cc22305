import { putObjectRetention as model } from '../../model/s3/put-object-retention.ts'
import { ServiceError } from '../../service/errors.ts'
import { putObjectRetention } from '../../service/objects/object-lock.ts'
import { permittedAddress } from '../permitted-object.ts'
import { handler } from '../operation-handler.ts'

/** Retains a version, or (an empty document) no longer. Throws as `putObjectRetention` of the rules. */
export const putObjectRetentionHandler = handler(
  model,
  async (input, call) => {
    const { Mode: mode, RetainUntilDate: retainUntil } = input.Retention
    if ((mode === undefined) !== (retainUntil === undefined)) throw new ServiceError('MalformedXML')
    await putObjectRetention(call.context, call.admission, {
      ...permittedAddress(call, input),
      retention: mode === undefined || retainUntil === undefined ? null : { mode, retainUntil },
      ...(input.BypassGovernanceRetention === true && { bypassGovernance: true }),
    })
    return {}
  },
  {
    documentFacts: ({ Retention: { Mode, RetainUntilDate } }) => ({
      // The document alone counts, also where it takes the retention away: a header of this name changes nothing.
      headers: {
        'x-amz-object-lock-mode': Mode,
        'x-amz-object-lock-retain-until-date':
          RetainUntilDate === undefined ? undefined : new Date(RetainUntilDate).toISOString(),
      },
    }),
  },
)
