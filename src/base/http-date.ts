import { parseDigits } from './digits.ts'
import { DAY_MS } from './milliseconds.ts'

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const LONG_WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
/** Behind the day: `08:49:37 GMT`. */
const TIME_LENGTH = 12
/** The day that was written last, counted from the epoch, and its text: what is sent at a time is mostly of few days. */
let lastDay = NaN
let lastDayText = ''

/** The HTTP date (RFC 9110, section 5.6.7) of an instant in epoch milliseconds, as `Date.prototype.toUTCString` has it. */
export function formatHttpDate(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS)
  if (day !== lastDay) {
    const text = new Date(epochMs).toUTCString()
    if (!text.endsWith(' GMT')) return text
    lastDay = day
    lastDayText = text.slice(0, -TIME_LENGTH)
  }
  const seconds = Math.floor(epochMs / 1000) - day * (DAY_MS / 1000)
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return `${lastDayText}${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[seconds % 60]} GMT`
}

/**
 * The instant, in epoch milliseconds, that an HTTP date names (RFC 9110, section 5.6.7), or null when it is none. Reads all three forms:
 *
 *     Sun, 06 Nov 1994 08:49:37 GMT     also with `UTC`, `+0000` or `-0000`, as mail libraries print it
 *     Sunday, 06-Nov-94 08:49:37 GMT    two-digit years lie at most 50 years ahead of `nowMs`
 *     Sun Nov  6 08:49:37 1994
 */
export function parseHttpDate(text: string, nowMs = Date.now()): number | null {
  const words = text.trim().split(' ').filter(Boolean)
  const [first = ''] = words
  if (!first.endsWith(',')) return parseAsctime(words)
  const weekday = first.slice(0, -1)
  if (words.length === 4 && LONG_WEEKDAYS.includes(weekday)) return parseRfc850(words, nowMs)
  if (words.length !== 6 || !WEEKDAYS.includes(weekday)) return null
  const [, day = '', month = '', year = '', time = '', zone = ''] = words
  return isUtc(zone) && year.length === 4 ? toEpochMs({ day, month, year: digits(year), time }) : null
}

function parseRfc850(words: readonly string[], nowMs: number): number | null {
  const [, date = '', time = '', zone = ''] = words
  const [day = '', month = '', shortYear = '', rest] = date.split('-')
  if (rest !== undefined || shortYear.length !== 2 || !isUtc(zone)) return null
  const yearNow = new Date(nowMs).getUTCFullYear()
  const year = yearNow - (yearNow % 100) + digits(shortYear)
  return toEpochMs({ day, month, year: year > yearNow + 50 ? year - 100 : year, time })
}

function parseAsctime(words: readonly string[]): number | null {
  const [weekday = '', month = '', day = '', time = '', year = ''] = words
  if (words.length !== 5 || !WEEKDAYS.includes(weekday) || year.length !== 4) return null
  return toEpochMs({ day, month, year: digits(year), time })
}

function isUtc(zone: string): boolean {
  return zone === 'GMT' || zone === 'UTC' || zone === '+0000' || zone === '-0000'
}

function toEpochMs(parts: { day: string; month: string; year: number; time: string }): number | null {
  const [hour = '', minute = '', second = '', rest] = parts.time.split(':')
  const month = MONTHS.indexOf(parts.month)
  const fields = [parts.day, hour, minute, second].map(digits)
  const [d = NaN, h = NaN, m = NaN, s = NaN] = fields
  if (rest !== undefined || month < 0 || h > 23 || m > 59 || s > 60) return null
  const date = new Date(0)
  date.setUTCFullYear(parts.year, month, d)
  // Days that the month does not have would roll over silently.
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== d) return null
  const epochMs = date.getTime() + ((h * 60 + m) * 60 + s) * 1000
  return Number.isNaN(epochMs) ? null : epochMs
}

/** NaN for what is no number of 1 to 4 digits. */
const digits = (text: string): number => parseDigits(text, 4) ?? NaN
