import { isoSeconds } from '../base/iso-seconds.ts'
import { DAY_MS, HOUR_MS } from '../base/milliseconds.ts'

/** How far the clock that wrote `requestTime` (`20130524T000000Z`) is from this one's, in words. */
export function clockDifference(requestTime: string, nowMs: number): string {
  const iso = requestTime.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const aheadMs = Date.parse(iso) - nowMs
  const now = isoSeconds(nowMs)
  if (Number.isNaN(aheadMs))
    return `The clock of the client differs from the server's, on which it is ${now}.`
  return `The clock of the client is ${duration(Math.abs(aheadMs))} ${aheadMs < 0 ? 'behind' : 'ahead of'} the server's, on which it is ${now}: set the one that is wrong.`
}

const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', 60_000],
] as const

function duration(ms: number): string {
  const [name, unitMs] = UNITS.find(([, unit]) => ms >= 2 * unit) ?? UNITS[2]
  const count = Math.round(ms / unitMs)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
