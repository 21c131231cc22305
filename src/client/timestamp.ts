import { ClientError } from './errors.ts'
import { Float, Instant, isInteger } from './values.ts'
import type { WireValue } from './values.ts'

/** A point in time as a user or a service wrote it. */
export interface Timestamp {
  readonly epochMicroseconds: number
  /** Minutes east of UTC in which it was written; local time where it did not say. */
  readonly offsetMinutes: number
  /** Written as a date and a time without a zone. */
  readonly isZoneless?: boolean
}

/**
 * Reads a time: epoch seconds (a number, or a text that is one), ISO 8601 in either form, RFC 822 and 1123 dates, and the usual ways of
 * writing a date in English. A time without a zone is local. Gives undefined for anything else.
 */
export function parseTimestamp(value: WireValue): Timestamp | undefined {
  if (value instanceof Instant) return parseTimestamp(value.iso)
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
  if (year < 1 || year > 9999) throw new ClientError(`year ${year} is out of range`)
  const shifted = date.toISOString().slice(0, 19)
  const size = Math.abs(offsetMinutes)
  const zone =
    isZoneless === true
      ? ''
      : `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
  return `${shifted}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}${zone}`
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
const DATES = [
  /^(?<y>\d{4})[-/](?<m>\d{1,2})[-/](?<d>\d{1,2})/,
  /^(?<y>\d{4})-?(?<m>\d{2})-?(?<d>\d{2})(?=t|$)/,
  /^(?<y>\d{4})-(?<m>\d{2})(?=$)/,
  /^(?<m>\d{1,2})\/(?<d>\d{1,2})\/(?<y>\d{4})/,
  new RegExp(`^(?:[a-z]{3,9},?\\s+)?(?<d>\\d{1,2})[\\s-]${MONTH}[\\s-](?<y>\\d{4})`),
  new RegExp(`^(?:[a-z]{3,9},?\\s+)?${MONTH}\\s+(?<d>\\d{1,2}),?\\s+(?<y>\\d{4})`),
]
const TIME =
  /^(?:[t\s]\s*)?(?<h>\d{1,2})(?::?(?<min>\d{2})(?::?(?<s>\d{2})(?:[.,](?<f>\d+))?)?)?\s*(?<half>[ap]m)?/
const ZONE = /^\s*(?:(?<utc>z|utc|gmt)|(?<sign>[-+])(?<zh>\d{2}):?(?<zm>\d{2})?)$/

/** A time that stands before its date, as in `10:11 PM July 2 2021`. */
const TIME_FIRST = /^(?<time>\d{1,2}(?::\d{2}){1,2}(?:\s*[ap]m)?|\d{1,2}\s*[ap]m)\s+(?<date>.+)$/

function parseDate(text: string): Timestamp | undefined {
  let rest = text.toLowerCase().replace(TIME_FIRST, '$<date> $<time>')
  const date = DATES.map((pattern) => pattern.exec(rest)).find((match) => match !== null)
  if (date === undefined) return undefined
  rest = rest.slice(date[0].length)
  const { y, m, d = '1', month } = date.groups ?? {}
  const monthIndex = month === undefined ? Number(m) - 1 : MONTHS.indexOf(month.slice(0, 3))
  const time = rest === '' ? undefined : TIME.exec(rest)
  if (time === null) return undefined
  rest = rest.slice(time?.[0].length ?? 0)
  const zone = rest === '' ? undefined : ZONE.exec(rest)
  if (zone === null) return undefined
  const { h = '0', min = '0', s = '0', f = '', half } = time?.groups ?? {}
  const hours = (half === undefined ? Number(h) : Number(h) % 12) + (half === 'pm' ? 12 : 0)
  const parts = [Number(y), monthIndex, Number(d), hours, Number(min), Number(s)] as const
  if (!isCalendarTime(parts)) return undefined
  const fraction = Number(f.padEnd(6, '0').slice(0, 6))
  const offsetMinutes = zone?.groups === undefined ? undefined : zoneMinutes(zone.groups)
  const utcMs =
    offsetMinutes === undefined ? new Date(...parts).getTime() : Date.UTC(...parts) - offsetMinutes * 60_000
  return {
    epochMicroseconds: utcMs * 1000 + fraction,
    offsetMinutes: offsetMinutes ?? localOffsetMinutes(utcMs),
    isZoneless: offsetMinutes === undefined,
  }
}

function isCalendarTime([year, month, day, hours, minutes, seconds]: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
]): boolean {
  const date = new Date(Date.UTC(year, month, day))
  return (
    date.getUTCMonth() === month && date.getUTCDate() === day && hours < 24 && minutes < 60 && seconds < 60
  )
}

function zoneMinutes({ utc, sign, zh = '0', zm = '0' }: Partial<Record<string, string>>): number {
  if (utc !== undefined) return 0
  const minutes = Number(zh) * 60 + Number(zm)
  return sign === '-' ? 0 - minutes : minutes
}
