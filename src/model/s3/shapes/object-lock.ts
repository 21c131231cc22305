import { enumeration } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { IsoDate } from './primitives.ts'

export const RetentionMode = enumeration(['GOVERNANCE', 'COMPLIANCE'])
export const LegalHoldStatus = enumeration(['ON', 'OFF'])

export const objectLockHeaders = {
  ObjectLockMode: inHeader('x-amz-object-lock-mode', RetentionMode),
  ObjectLockRetainUntilDate: inHeader('x-amz-object-lock-retain-until-date', IsoDate),
  ObjectLockLegalHoldStatus: inHeader('x-amz-object-lock-legal-hold', LegalHoldStatus),
}
