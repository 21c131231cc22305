import type { TimestampShape } from '../model/shape.ts'
import { formatHttpDate, parseHttpDate } from '../base/http-date.ts'

export type TimestampFormat = NonNullable<TimestampShape['format']>

/** JSON's form: seconds since the epoch with at most three decimals, `1479816991.349`. */
export function toEpochSeconds(epochMs: number): number {
  return Math.round(epochMs) / 1000
}

/** Epoch milliseconds of JSON's form. */
export function fromEpochSeconds(seconds: number): number {
  return Math.round(seconds * 1000)
}

/** An instant (epoch milliseconds) as text: `1479816991.349`, `2016-11-22T12:16:31.349Z`, or `Tue, 22 Nov 2016 12:16:31 GMT`. */
export function formatTimestamp(epochMs: number, format: TimestampFormat): string {
  switch (format) {
    case 'epochSeconds':
      return String(toEpochSeconds(epochMs))
    case 'iso8601':
      return new Date(epochMs).toISOString()
    case 'httpDate':
      return formatHttpDate(epochMs)
  }
}

/** Epoch milliseconds of a text in the given form, or null when it is none. */
export function parseTimestamp(text: string, format: TimestampFormat): number | null {
  switch (format) {
    case 'epochSeconds':
      return parseEpochSeconds(text)
    case 'iso8601':
      return parseIso8601(text)
    case 'httpDate':
      return parseHttpDate(text)
  }
}

/**
 * Epoch milliseconds of `2016-11-22`, `2016-11-22T12:16:31Z`, with a fraction of a second, or with an offset such as `+01:00`; null
 * for anything else. Fractions beyond milliseconds are dropped.
 */
export function parseIso8601(text: string): number | null {
  const match = ISO_8601.exec(text)
  if (!match) return null
  const [, day = '', time, fraction = '', zone = 'Z'] = match
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // Days that the month does not have would roll over silently.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return null
  if (time === undefined) return midnight
  const epochMs = Date.parse(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`)
  return Number.isNaN(epochMs) ? null : epochMs
}

const ISO_8601 = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2}))?$/

function parseEpochSeconds(text: string): number | null {
  return /^-?\d{1,12}(\.\d{1,9})?$/.test(text) ? fromEpochSeconds(Number(text)) : null
}
