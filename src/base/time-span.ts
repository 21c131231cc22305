import { DAY_SECONDS } from './milliseconds.ts'

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: DAY_SECONDS,
  w: 7 * DAY_SECONDS,
}

/** The seconds of a time as `30d`, `12h` or `45m`; null for another text. */
export function readTimeSpan(text: string): number | null {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  const seconds = Number(digits) * (UNIT_SECONDS[unit] ?? NaN)
  return Number.isNaN(seconds) ? null : seconds
}
