import { DAY_SECONDS } from './milliseconds.ts'

const FORM = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Epoch milliseconds of `2016-11-22`, `2016-11-22T12:16:31Z`, with a fraction of a second, or with an offset such as `+01:00`; null for
 * anything else. Without an offset it is UTC, whatever the machine's own time zone is. Fractions beyond milliseconds are dropped.
 */
export function parseIso8601(text: string): number | null {
  const match = FORM.exec(text)
  if (!match) return null
  const [, day = '', time, fraction = '', zone = 'Z'] = match
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // Days that the month does not have would roll over silently.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return null
  if (time === undefined) return midnight
  const seconds = time.length === 5 ? `${time}:00` : time
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  const epochMs = Date.parse(`${day}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`)
  return Number.isNaN(epochMs) ? null : epochMs
}

const SECOND_MS = 1_000
/** From here on years have more digits. */
const YEAR_10000_MS = 253_402_300_800_000
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
let lastDay = { day: 0, text: '1970-01-01T' }

/** Epoch milliseconds as `2016-11-22T12:16:31.000Z`, rounded down to seconds. Throws RangeError for what is no instant. */
export function isoSecond(epochMs: number): string {
  const seconds = Math.floor(epochMs / SECOND_MS)
  if (!(epochMs >= 0 && epochMs < YEAR_10000_MS)) return new Date(seconds * SECOND_MS).toISOString()
  const day = Math.floor(seconds / DAY_SECONDS)
  // Of the instants that a listing tells most lie in few days.
  if (day !== lastDay.day) {
    const midnight = new Date(day * DAY_SECONDS * SECOND_MS)
    lastDay = { day, text: midnight.toISOString().slice(0, lastDay.text.length) }
  }
  const rest = seconds - day * DAY_SECONDS
  const hour = TWO_DIGITS[Math.floor(rest / 3_600)] ?? ''
  const minute = TWO_DIGITS[Math.floor(rest / 60) % 60] ?? ''
  return `${lastDay.text}${hour}:${minute}:${TWO_DIGITS[rest % 60] ?? ''}.000Z`
}
