import type { Session } from './session.ts'

/**
 * From when to when credentials are good that are asked for at `nowMs` for so many seconds: no longer than what they are taken from, each with its end
 * where it has one. Epoch milliseconds, whole seconds.
 */
export function sessionTimes(
  nowMs: number,
  seconds: number,
  ...sources: readonly { readonly validUntil?: number | undefined; readonly sessionsSince?: number }[]
): Pick<Session, 'issuedAt' | 'expiresAt'> {
  // Where the sessions of a role were ended in this very second, one that is taken now is one from after that.
  const since = Math.max(...sources.map(({ sessionsSince = 0 }) => sessionsSince))
  const issuedAt = Math.max(wholeSecond(nowMs), since)
  const end = Math.min(...sources.map(({ validUntil = Infinity }) => validUntil))
  return { issuedAt, expiresAt: Math.min(issuedAt + seconds * 1_000, wholeSecond(end)) }
}

const wholeSecond = (epochMs: number): number => Math.floor(epochMs / 1_000) * 1_000
