import { DAY_MS, HOUR_MS } from '../../base/milliseconds.ts'
import { InvalidInput } from './invalid-input.ts'

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: HOUR_MS, d: DAY_MS } as const
const PARTS_MS = {
  days: UNITS_MS.d,
  hours: UNITS_MS.h,
  minutes: UNITS_MS.m,
  seconds: UNITS_MS.s,
  milliseconds: UNITS_MS.ms,
} as const

/** In words, for messages. */
const ALLOWED =
  'expected milliseconds, a text such as "30d", "12h", "15m", "10s" or "500ms", or an object of days, hours, minutes, seconds and milliseconds'

/** The length in milliseconds; never negative. Throws {@link InvalidInput} for what is none; `what` names it there. */
export function durationMs(duration: unknown, what: string): number {
  const lengthMs =
    typeof duration === 'number'
      ? duration
      : typeof duration === 'string'
        ? msOfText(duration)
        : msOfParts(duration, what)
  if (!Number.isFinite(lengthMs) || lengthMs < 0)
    throw new InvalidInput(`${what}: ${ALLOWED}, none of it negative; got ${shown(duration)}`)
  return lengthMs
}

function msOfText(text: string): number {
  const [, number, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  return number === undefined ? NaN : Number(number) * UNITS_MS[unit as keyof typeof UNITS_MS]
}

function msOfParts(parts: unknown, what: string): number {
  if (typeof parts !== 'object' || parts === null || Array.isArray(parts)) return NaN
  let lengthMs = 0
  for (const [name, value] of Object.entries(parts)) {
    if (!(name in PARTS_MS)) throw new InvalidInput(`${what}: there is no unit "${name}"; ${ALLOWED}`)
    if (typeof value !== 'number') return NaN
    lengthMs += value * PARTS_MS[name as keyof typeof PARTS_MS]
  }
  return lengthMs
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value))
