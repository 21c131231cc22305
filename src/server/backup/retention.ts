import { DAY_MS, HOUR_MS } from '../../base/milliseconds.ts'

/** Which states are kept: terms of {@link parseRetention}. */
export type Retention = readonly RetentionTerm[]

type RetentionTerm =
  | { readonly type: 'newest'; readonly count: number }
  /** The newest of each of the last so many periods in which there is one. */
  | { readonly type: 'periods'; readonly count: number; readonly unit: PeriodUnit }
  /** All that are not older. */
  | { readonly type: 'all'; readonly withinMs: number }

type PeriodUnit = keyof typeof PERIODS

/** The period that an instant lies in, in UTC; two instants of one period give the same. */
const PERIODS = {
  h: (at: number) => String(Math.floor(at / HOUR_MS)),
  d: (at: number) => String(Math.floor(at / DAY_MS)),
  // 1970-01-01 was a Thursday; weeks begin on Monday.
  w: (at: number) => String(Math.floor((at / DAY_MS + 3) / 7)),
  m: (at: number) => new Date(at).toISOString().slice(0, 7),
  y: (at: number) => new Date(at).toISOString().slice(0, 4),
} as const

const SPAN_MS = { h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS } as const

/** What a text of retention may be, in words. */
export const RETENTION_ALLOWED =
  'terms with commas between: N (the newest N), Nh, Nd, Nw, Nm, Ny (the newest of each of the last N hours, days, weeks, months, years that have one), all:Nh, all:Nd, all:Nw (all of that time)'

/** Reads `7d,4w`; undefined for a text that is none. A state is kept when any term keeps it. */
export function parseRetention(text: string): Retention | undefined {
  const terms = text.split(',').map(parseTerm)
  return terms.every((term) => term !== undefined) ? terms : undefined
}

function parseTerm(text: string): RetentionTerm | undefined {
  const all = /^all:([1-9]\d{0,4})([hdw])$/.exec(text)
  if (all) {
    const unit = all[2]
    if (unit === 'h' || unit === 'd' || unit === 'w')
      return { type: 'all', withinMs: Number(all[1]) * SPAN_MS[unit] }
  }
  const match = /^([1-9]\d{0,4})([hdwmy]?)$/.exec(text)
  if (!match) return undefined
  const count = Number(match[1])
  const unit = match[2]
  return isPeriodUnit(unit) ? { type: 'periods', count, unit } : { type: 'newest', count }
}

const isPeriodUnit = (unit: string | undefined): unit is PeriodUnit => unit !== undefined && unit in PERIODS

/** Those of the states that are kept; the newest always is. `nowMs`: what `all:` counts from. */
export function keptStates<S extends { readonly at: number }>(
  states: readonly S[],
  retention: Retention,
  nowMs: number,
): Set<S> {
  const newestFirst = [...states].sort((a, b) => b.at - a.at)
  const kept = new Set<S>(newestFirst.slice(0, 1))
  for (const term of retention) {
    if (term.type === 'newest') for (const state of newestFirst.slice(0, term.count)) kept.add(state)
    else if (term.type === 'all') {
      for (const state of newestFirst) if (nowMs - state.at <= term.withinMs) kept.add(state)
    } else {
      const seen = new Set<string>()
      for (const state of newestFirst) {
        const period = PERIODS[term.unit](state.at)
        if (seen.has(period)) continue
        if (seen.size === term.count) break
        seen.add(period)
        kept.add(state)
      }
    }
  }
  return kept
}
