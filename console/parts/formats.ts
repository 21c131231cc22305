import { locale, texts } from '../texts/texts.ts'

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB']
/** As Lightsail's bundles count: 1 GB is 1024³ bytes. */
const STEP = 1024

/** `2.1 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= STEP && unit < UNITS.length - 1) {
    value /= STEP
    unit++
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${UNITS[unit] ?? ''}`
}

/** `41,207`. */
export const formatNumber = (value: number): string => value.toLocaleString(locale)

const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const ages = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })

/** `Sunday, 29 November 2026 at 23:10:02 CET`, in the person's zone. */
export const formatExactTime = (epochMs: number): string => exact.format(epochMs)

const clock = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** `29 Nov, 23:10:02`, in the person's zone. */
export const formatClockTime = (epochMs: number): string => clock.format(epochMs)

/** `29 Nov 2026`. */
const formatDay = (epochMs: number): string => day.format(epochMs)

/** `29 Nov`, of a day that is counted by UTC. */
export const formatShortDay = (epochMs: number): string => shortDay.format(epochMs)

const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
  ['second', 1],
]
/** Beyond, the day says more than how many days it is. */
const DAYS_SAID_MAX = 30

/** `4 sec. ago`, `in 3 days`, and of what is further away the day. */
export function formatAge(epochMs: number, nowMs: number): string {
  const seconds = Math.round((epochMs - nowMs) / 1_000)
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) < length && unit !== 'second') continue
    const steps = Math.trunc(seconds / length)
    if (unit === 'day' && Math.abs(steps) > DAYS_SAID_MAX) return formatDay(epochMs)
    return ages.format(steps, unit)
  }
  return formatDay(epochMs)
}

const wholeDay = new Intl.DateTimeFormat(locale, { dateStyle: 'full' })
const minute = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' })

/** The last moment at which something counts: `the end of Friday, 4 December 2026`, or with a time. */
export function formatLastMoment(epochMs: number): string {
  const at = new Date(epochMs)
  const isEndOfDay = at.getHours() === 23 && at.getMinutes() === 59
  return isEndOfDay ? texts.endOfDay(wholeDay.format(epochMs)) : minute.format(epochMs)
}

/** `7 days`, `1 hour`, `15 minutes`. */
export function formatSpan(seconds: number): string {
  for (const [unit, length] of STEPS)
    if (seconds >= length && seconds % length === 0)
      return (seconds / length).toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'long' })
  return String(seconds)
}
