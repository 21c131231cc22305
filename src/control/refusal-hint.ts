import type { AuthenticationFailure } from '../auth/authentication-failure.ts'
import { clockDifference } from '../auth/clock-difference.ts'
import { REGIONS } from '../model/region.ts'

/** What the client's user can do about a request that is not authenticated; null where the message says it all. `nowMs`: epoch milliseconds. */
export function hintOfFailure(
  { reason, message, details }: AuthenticationFailure,
  nowMs: number,
  accessKeyId: string,
): string | null {
  switch (reason) {
    case 'access-key-unknown':
      return `The access key ${accessKeyId} belongs to no account of this server: it was rotated or deleted, or it is of another server. "lugsail use" takes over the key of a server on this machine.`
    case 'session-token-invalid':
      return message
    case 'signature-mismatch':
      return `The secret access key is not that of ${accessKeyId}, or something changed the request on its way.`
    case 'request-skewed':
      return clockDifference(String(details.requestTime), nowMs)
    default:
      return null
  }
}

/** For a region that no API lists. */
export const regionHint = (region: string): string =>
  `There is no region ${region.slice(0, 64)}; there are ${REGIONS.join(', ')}. --region, AWS_REGION or the profile names one.`
