import * as model from '../../../model/s3/version/object-lock.ts'
import { wholeRetention } from '../../../service/locks/lock-rules.ts'
import { S3Error } from '../../s3-error.ts'
import {
  getObjectLegalHold,
  getObjectRetention,
  putObjectLegalHold,
  putObjectRetention,
} from '../../../service/objects/object-lock.ts'
import { handler } from '../../operation-handler.ts'
import { permittedAddress } from '../../permitted-object.ts'

/** Tells until when a version is retained. Throws `NoSuchObjectLockConfiguration`. */
export const getObjectRetentionHandler = handler(
  model.getObjectRetention,
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

/** Retains a version, or (an empty document) no longer. Throws as `putObjectRetention` of the rules. */
export const putObjectRetentionHandler = handler(
  model.putObjectRetention,
  async (input, call) => {
    const { Mode: mode, RetainUntilDate: retainUntil } = input.Retention
    const retention = wholeRetention({ mode, retainUntil }, 'version') ?? null
    await putObjectRetention(call.context, call.admission, {
      ...permittedAddress(call, input),
      retention,
      ...(input.BypassGovernanceRetention === true && { bypassGovernance: true }),
    })
    return {}
  },
  {
    documentFacts: ({ Retention: { Mode, RetainUntilDate } }) => ({
      // The document alone counts, also where it takes the retention away: a header of this name changes nothing.
      lock: {
        mode: Mode,
        retainUntil: RetainUntilDate === undefined ? undefined : new Date(RetainUntilDate).toISOString(),
      },
    }),
  },
)

/** Tells whether a version is under legal hold. Throws `NoSuchObjectLockConfiguration`. */
export const getObjectLegalHoldHandler = handler(
  model.getObjectLegalHold,
  async (input, call) => {
    const isHeld = await getObjectLegalHold(call.context, call.admission, permittedAddress(call, input))
    return { LegalHold: { Status: isHeld ? ('ON' as const) : ('OFF' as const) } }
  },
  { permitsObject: true },
)

/** Puts a version under legal hold or lifts it. */
export const putObjectLegalHoldHandler = handler(
  model.putObjectLegalHold,
  async (input, call) => {
    const { Status } = input.LegalHold
    if (Status === undefined) throw new S3Error('MalformedXML')
    await putObjectLegalHold(call.context, call.admission, {
      ...permittedAddress(call, input),
      legalHold: Status === 'ON',
    })
    return {}
  },
  {
    documentFacts: ({ LegalHold: { Status } }) => ({
      lock: Status === undefined ? {} : { legalHold: Status },
    }),
  },
)
