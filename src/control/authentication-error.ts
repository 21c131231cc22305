import { formatAmzDate } from '../auth/amz-date.ts'
import { SKEW_MS_MAX } from '../auth/clock-skew.ts'
import type { AuthenticationFailure } from '../auth/authentication-failure.ts'
import type { LightsailErrorCode } from '../model/lightsail/errors.ts'
import { ControlError } from './control-error.ts'

/** The failure in the codes and, where clients look at the text, the words of AWS's JSON services; `hint` says besides what to do. */
export function authenticationError(
  failure: AuthenticationFailure,
  nowMs: number,
  hint: string | null,
): ControlError {
  return new ControlError(codeOf(failure), messageOfFailure(failure, nowMs), {
    cause: failure,
    hint,
  })
}

function codeOf({ reason }: AuthenticationFailure): LightsailErrorCode {
  switch (reason) {
    case 'access-key-unknown':
    case 'access-key-stopped':
    case 'session-token-invalid':
      return 'UnrecognizedClientException'
    case 'session-token-expired':
      return 'ExpiredTokenException'
    case 'service-wrong':
    case 'region-wrong':
    case 'date-scope-mismatch':
    case 'request-skewed':
    case 'request-expired':
    case 'request-not-yet-valid':
    case 'headers-not-signed':
    case 'signature-mismatch':
      return 'InvalidSignatureException'
    default:
      return 'IncompleteSignatureException'
  }
}

/** The failure in words of AWS's services, for both APIs. */
export function messageOfFailure({ reason, message, details }: AuthenticationFailure, nowMs: number): string {
  const now = formatAmzDate(nowMs)
  switch (reason) {
    case 'access-key-unknown':
    case 'session-token-invalid':
      return 'The security token included in the request is invalid.'
    case 'session-token-expired':
      return 'The security token included in the request is expired'
    case 'service-wrong':
      return `Credential should be scoped to correct service: '${details.expectedService}'.`
    case 'request-skewed': {
      const signedAt = String(details.requestTime)
      const minutes = SKEW_MS_MAX / 60_000
      return signedAt < now
        ? `Signature expired: ${signedAt} is now earlier than ${formatAmzDate(nowMs - SKEW_MS_MAX)} (${now} - ${minutes} min.)`
        : `Signature not yet current: ${signedAt} is still later than ${formatAmzDate(nowMs + SKEW_MS_MAX)} (${now} + ${minutes} min.)`
    }
    case 'signature-mismatch':
      return 'The request signature that the server calculated does not match the signature that you provided. Check the secret access key and the signing method.'
    default:
      return `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`
  }
}
