import { enumeration, structure } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { IntegerValue, IsoDate } from './primitives.ts'

export const RetentionMode = enumeration(['GOVERNANCE', 'COMPLIANCE'])
export const LegalHoldStatus = enumeration(['ON', 'OFF'])

export const objectLockHeaders = {
  ObjectLockMode: inHeader('x-amz-object-lock-mode', RetentionMode),
  ObjectLockRetainUntilDate: inHeader('x-amz-object-lock-retain-until-date', IsoDate),
  ObjectLockLegalHoldStatus: inHeader('x-amz-object-lock-legal-hold', LegalHoldStatus),
}

export const ObjectLockConfiguration = structure(
  {
    ObjectLockEnabled: enumeration(['Enabled']),
    Rule: structure({
      DefaultRetention: structure({ Mode: RetentionMode, Days: IntegerValue, Years: IntegerValue }),
    }),
  },
  { name: 'ObjectLockConfiguration' },
)

export const Retention = structure({ Mode: RetentionMode, RetainUntilDate: IsoDate }, { name: 'Retention' })
export const LegalHold = structure({ Status: LegalHoldStatus }, { name: 'LegalHold' })
