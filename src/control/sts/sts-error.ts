import { AuthenticationFailure } from '../../auth/authentication-failure.ts'
import { MalformedRequest } from '../../auth/malformed-request.ts'
import { stsErrors, type StsErrorCode } from '../../model/sts/errors.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { ControlError } from '../control-error.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { messageOfFailure } from '../authentication-error.ts'
import { toStsForm } from './domain-errors.ts'
import { StsFailure } from './sts-failure.ts'

/** An error as it goes out. */
export interface StsError {
  readonly code: StsErrorCode
  readonly status: number
  readonly message: string
  /** Refused by a limit that is there for this: nothing is broken. */
  readonly isPutOff: boolean
}

/** Unexpected errors become an InternalFailure that tells nothing of them. */
export function toStsError(error: unknown, nowMs: number): StsError {
  const { code, message } = nameOf(error, nowMs)
  return { code, status: stsErrors[code], message, isPutOff: isPutOff(error) }
}

function nameOf(error: unknown, nowMs: number): { code: StsErrorCode; message: string } {
  if (error instanceof StsFailure) return error
  if (error instanceof MalformedRequest) return { code: 'MalformedQueryString', message: error.message }
  if (error instanceof AuthenticationFailure)
    return { code: codeOf(error), message: messageOfFailure(error, nowMs) }
  if (error instanceof ControlError && error.code === 'RequestEntityTooLargeException')
    return { code: 'RequestEntityTooLarge', message: error.message }
  const form = isDomainError(error) ? toStsForm(error) : null
  if (form) return form
  if (isPutOff(error)) return { code: 'ServiceUnavailable', message: error.message }
  if (error instanceof StoreUnavailable)
    return { code: 'ServiceUnavailable', message: 'The service is unavailable at this moment. Try again.' }
  return { code: 'InternalFailure', message: 'An internal error occurred. Try again.' }
}

const isPutOff = (error: unknown): error is ControlError =>
  error instanceof ControlError && error.code === 'ServiceUnavailableException'

function codeOf({ reason }: AuthenticationFailure): StsErrorCode {
  switch (reason) {
    case 'access-key-unknown':
    case 'access-key-stopped':
    case 'session-token-invalid':
      return 'InvalidClientTokenId'
    case 'session-token-expired':
      return 'ExpiredToken'
    case 'service-wrong':
    case 'region-wrong':
    case 'date-scope-mismatch':
    case 'request-skewed':
    case 'headers-not-signed':
    case 'signature-mismatch':
      return 'SignatureDoesNotMatch'
    default:
      return 'IncompleteSignature'
  }
}
