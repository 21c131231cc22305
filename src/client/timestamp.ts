import { ClientError } from './errors.ts'
import { Float, Instant, isInteger } from './values.ts'
import type { WireValue } from './values.ts'

/** A point in time as a user or a service wrote it. */
export interface Timestamp {
  readonly epochMicroseconds: number
  /** Minutes east of UTC in which it was written; of local time for epoch seconds. */
  readonly offsetMinutes: number
  /** Written as a date and a time without a zone; it counts as UTC. */
  readonly isZoneless?: boolean
}

/**
 * Reads a time: epoch seconds (a number, or a text that is one), ISO 8601 in either form, RFC 822 and 1123 dates, and the usual ways of
 * writing a date in English. A time without a zone is in UTC. Gives undefined for anything else.
 */
export function parseTimestamp(value: WireValue): Timestamp | undefined {
  const timestamp = read(value)
  return typeof timestamp === 'string' ? undefined : timestamp
}

/** What is wrong with a value that is no time, in the words of the reference. */
export function timestampProblem(value: WireValue): string {
  const problem = read(value)
  return typeof problem === 'string' ? problem : UNKNOWN_FORMAT
}

function read(value: WireValue): Timestamp | string | undefined {
  if (value instanceof Instant) return parseDate(value.iso)
  if (value instanceof Float) return fromEpochSeconds(value.value)
  if (isInteger(value)) return fromEpochSeconds(Number(value))
  if (typeof value === 'boolean') return fromEpochSeconds(Number(value))
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (/^[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text))
    return fromEpochSeconds(Number(text.replaceAll('_', '')))
  return parseDate(text)
}

/**
 * As `2021-06-30T17:14:45.123000+00:00`: microseconds only where there are any, in the zone it was written in, which is left out where
 * it was left out there. @throws ClientError outside of the years 1 to 9999.
 */
export function formatIso8601({ epochMicroseconds, offsetMinutes, isZoneless }: Timestamp): string {
  const seconds = Math.floor(epochMicroseconds / 1e6)
  const fraction = epochMicroseconds - seconds * 1e6
  const date = new Date((seconds + offsetMinutes * 60) * 1000)
  const year = date.getUTCFullYear()
  // What AWS CLI cannot write either.
  if (year < YEAR_MIN || year > YEAR_MAX) throw new ClientError(`year ${year} is out of range`)
  const shifted = date.toISOString().slice(0, 19)
  const size = Math.abs(offsetMinutes)
  const zone =
    isZoneless === true
      ? ''
      : `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
  return `${shifted}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}${zone}`
}

const YEAR_MIN = 1
const YEAR_MAX = 9999

/** Whether a time is in the years that can be written. */
export function isWritable({ epochMicroseconds, offsetMinutes }: Timestamp): boolean {
  const year = new Date(epochMicroseconds / 1000 + offsetMinutes * 60_000).getUTCFullYear()
  return year >= YEAR_MIN && year <= YEAR_MAX
}

const pad = (value: number): string => String(value).padStart(2, '0')

const SECONDS_MAX = 8.64e12

function fromEpochSeconds(seconds: number): Timestamp | undefined {
  if (!(Math.abs(seconds) <= SECONDS_MAX)) return undefined
  const whole = Math.trunc(seconds)
  const epochMicroseconds = whole * 1e6 + Math.round((seconds - whole) * 1e6)
  return { epochMicroseconds, offsetMinutes: localOffsetMinutes(whole * 1000) }
}

// `-0` for UTC would print as `-00:00`.
const localOffsetMinutes = (epochMs: number): number => 0 - new Date(epochMs).getTimezoneOffset()

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = '(?<month>[a-z]{3,9})\\.?'
const DAY = '(?<d>\\d{1,2})(?:st|nd|rd|th)?'
const WEEKDAY = '^(?:[a-z]{3,9},?\\s+)?'
const DATES = [
  /^(?<y>\d{4,5})(?<mark>[-/.])(?<m>\d{1,2})\k<mark>(?<d>\d{1,2})(?!\d)/,
  /^(?<y>\d{4})-?(?<m>\d{2})-?(?<d>\d{2})(?=t|$)/,
  /^(?<y>\d{4})-(?<m>\d{2})(?=$)/,
  // The month comes first, unless it cannot be one.
  /^(?<d>1[3-9]|2\d|3\d)(?<mark>[-/.])(?<m>\d{1,2})\k<mark>(?<y>\d{4}|(?<=\/)\d{2})(?!\d)/,
  /^(?<m>\d{1,2})(?<mark>[-/.])(?<d>\d{1,2})\k<mark>(?<y>\d{4}|(?<=\/)\d{2})(?!\d)/,
  new RegExp(`^(?<y>\\d{4})[\\s/-]${MONTH}[\\s/-]${DAY}`),
  new RegExp(`${WEEKDAY}${DAY}[\\s/-]${MONTH},?[\\s/-](?<y>\\d{4}|\\d{2})(?![\\d:])`),
  new RegExp(`${WEEKDAY}${MONTH}[\\s/-]+${DAY},?[\\s/-]+(?<y>\\d{4})(?![\\d:])`),
]
const TIME =
  /^(?:,?\s*(?:t|at\s)?\s*)(?<h>\d{1,2})(?::?(?<min>(?<=:)\d{1,2}|\d{2})(?::?(?<s>(?<=:)\d{1,2}|\d{2})(?:[.,](?<f>\d+))?)?)?\s*(?<half>[ap]m)?/
const ZONE = /^\s*(?:(?<utc>z|utc|gmt)|(?<behind>utc|gmt)?(?<sign>[-+])(?<zh>\d{1,2}):?(?<zm>\d{2})?)$/

/** A time that stands before its date, as in `10:11 PM July 2 2021`. */
const TIME_FIRST = /^(?<time>\d{1,2}(?::\d{1,2}){1,2}(?:\s*[ap]m)?|\d{1,2}\s*[ap]m)\s+(?<date>.+)$/
/** A time between the day and the year, as in `Wed Jun 30 17:14:45 UTC 2021`. */
const TIME_WITHIN =
  /^(?<date>[a-z]{3,9}\s.*\d{1,2})\s+(?<time>\d{1,2}:\d{2}:\d{2}(?:\s+[a-z]{3})?)\s+(?<y>\d{4})$/

/** A time, or what is wrong with the text. */
function parseDate(text: string): Timestamp | string {
  if (text === '') return 'String does not contain a date'
  let rest = text
    .toLowerCase()
    .replace(TIME_FIRST, '$<date> $<time>')
    .replace(TIME_WITHIN, '$<date> $<y> $<time>')
  const date = DATES.map((pattern) => pattern.exec(rest)).find((match) => match !== null)
  if (date === undefined) return UNKNOWN_FORMAT
  rest = rest.slice(date[0].length).replace(/^t$/, '')
  const { y = '', m, d = '1', month } = date.groups ?? {}
  const monthNumber = month === undefined ? Number(m) : MONTHS.indexOf(month.slice(0, 3)) + 1
  if (monthNumber === 0 && month !== undefined) return UNKNOWN_FORMAT
  const time = rest === '' ? undefined : TIME.exec(rest)
  if (time === null) return UNKNOWN_FORMAT
  rest = rest.slice(time?.[0].length ?? 0)
  const zone = rest === '' ? undefined : ZONE.exec(rest)
  if (zone === null) return UNKNOWN_FORMAT
  const { h = '0', min = '0', s = '0', f = '', half } = time?.groups ?? {}
  if (half !== undefined && Number(h) > 12) return UNKNOWN_FORMAT
  const hours = (half === undefined ? Number(h) : Number(h) % 12) + (half === 'pm' ? 12 : 0)
  const calendar = {
    year: fullYear(y),
    month: monthNumber,
    day: Number(d),
    hours,
    minutes: Number(min),
    seconds: Number(s),
  }
  const problem = calendarProblem(calendar)
  if (problem !== undefined) return problem
  const fraction = Number(f.padEnd(6, '0').slice(0, 6))
  const offsetMinutes = zone?.groups === undefined ? undefined : zoneMinutes(zone.groups)
  return {
    epochMicroseconds: (epochMs(calendar) - (offsetMinutes ?? 0) * 60_000) * 1000 + fraction,
    offsetMinutes: offsetMinutes ?? 0,
    isZoneless: offsetMinutes === undefined,
  }
}

const UNKNOWN_FORMAT = 'Unknown string format'

/** Two digits stand for the year nearest to 2000 and something that is not half a century ahead. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length > 2) return year
  return year + (year < (new Date().getFullYear() % 100) + 50 ? 2000 : 1900)
}

interface Calendar {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
}

/** Milliseconds of a time in UTC; also of the first hundred years, which Date.UTC takes for those of the last century. */
function epochMs({ year, month, day, hours, minutes, seconds }: Calendar): number {
  return new Date(Date.UTC(2000, 0, 1, hours, minutes, seconds)).setUTCFullYear(year, month - 1, day)
}

function calendarProblem(calendar: Calendar): string | undefined {
  const { year, month, day, hours, minutes, seconds } = calendar
  if (year < YEAR_MIN || year > YEAR_MAX) return `year ${year} is out of range`
  if (month < 1 || month > 12) return 'month must be in 1..12'
  if (day < 1 || new Date(epochMs({ ...calendar, hours: 0 })).getUTCDate() !== day)
    return 'day is out of range for month'
  if (hours > 23) return 'hour must be in 0..23'
  if (minutes > 59) return 'minute must be in 0..59'
  return seconds > 59 ? 'second must be in 0..59' : undefined
}

function zoneMinutes({ utc, behind, sign, zh = '0', zm = '0' }: Partial<Record<string, string>>): number {
  if (utc !== undefined) return 0
  const minutes = Number(zh) * 60 + Number(zm)
  // `GMT+3` is what is three hours behind, as POSIX has it.
  return (sign === '-') === (behind === undefined) ? 0 - minutes : minutes
}
