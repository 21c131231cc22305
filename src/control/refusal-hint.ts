import type { AuthenticationFailure } from '../auth/authentication-failure.ts'
import { REGIONS } from '../model/region.ts'

/** What the client's user can do about a request that is not authenticated; null where the message says it all. `nowMs`: epoch milliseconds. */
export function hintOfFailure(
  { reason, details }: AuthenticationFailure,
  nowMs: number,
  accessKeyId: string,
): string | null {
  switch (reason) {
    case 'access-key-unknown':
      return `The access key ${accessKeyId} belongs to no account of this server: it was rotated or deleted, or it is of another server. "lugsail use" takes over the key of a server on this machine.`
    case 'signature-mismatch':
      return `The secret access key is not that of ${accessKeyId}, or something changed the request on its way.`
    case 'request-skewed':
      return clockHint(String(details.requestTime), nowMs)
    default:
      return null
  }
}

/** For a region that no API lists. */
export const regionHint = (region: string): string =>
  `There is no region ${region.slice(0, 64)}; there are ${REGIONS.join(', ')}. --region, AWS_REGION or the profile names one.`

/** How far the clock that wrote `requestTime` (`20130524T000000Z`) is from this one's, in words. */
export function clockHint(requestTime: string, nowMs: number): string {
  const iso = requestTime.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const aheadMs = Date.parse(iso) - nowMs
  const now = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z')
  if (Number.isNaN(aheadMs)) return `The clock of the client differs from the server's, on which it is ${now}.`
  return `The clock of the client is ${duration(Math.abs(aheadMs))} ${aheadMs < 0 ? 'behind' : 'ahead of'} the server's, on which it is ${now}: set the one that is wrong.`
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

function duration(ms: number): string {
  const [name, unitMs] = UNITS.find(([, unit]) => ms >= 2 * unit) ?? UNITS[2]
  const count = Math.round(ms / unitMs)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
