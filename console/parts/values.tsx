import { useSyncExternalStore, type ReactNode } from 'react'
import { formatAge, formatBytes, formatClockTime, formatExactTime } from './formats.ts'
import { texts } from '../texts/texts.ts'

/** A size as people say it; the exact one on hover and for screen readers. */
export const Bytes = ({ value }: { readonly value: number }): ReactNode => (
  <Exact exact={texts.units.bytes(value)}>{formatBytes(value)}</Exact>
)

/** An instant as people say it; the exact one on hover and for screen readers. */
export function Time({ value }: { readonly value: number | undefined }): ReactNode {
  const now = useMinute()
  if (value === undefined) return <span className="muted">{texts.never}</span>
  return (
    <time dateTime={new Date(value).toISOString()}>
      <Exact exact={formatExactTime(value)}>{formatAge(value, nowFor(value, now))}</Exact>
    </time>
  )
}

/** An instant by the clock, for records that are read one after the other. */
export const ClockTime = ({ value }: { readonly value: number | undefined }): ReactNode =>
  value === undefined ? (
    <span className="muted">{texts.never}</span>
  ) : (
    <time dateTime={new Date(value).toISOString()}>
      <Exact exact={formatExactTime(value)}>{formatClockTime(value)}</Exact>
    </time>
  )

/** What happened since the time last moved on is past, too. */
const nowFor = (value: number, now: number): number =>
  value > now ? Math.max(now, Math.min(value, Date.now())) : now

const Exact = ({ exact, children }: { readonly exact: string; readonly children: string }): ReactNode => (
  <span title={exact}>
    <span aria-hidden>{children}</span>
    <span className="unseen">{exact}</span>
  </span>
)

const AGES_CHANGE_MS = 15_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

/** The time, which moves on every quarter of a minute, for all that is shown at once. */
function useMinute(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      now = Date.now()
      timer ??= setInterval(() => {
        now = Date.now()
        for (const each of listeners) each()
      }, AGES_CHANGE_MS)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) {
          clearInterval(timer)
          timer = undefined
        }
      }
    },
    () => now,
  )
}
