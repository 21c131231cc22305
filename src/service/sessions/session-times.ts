import type { Session } from './session.ts'

/**
 * From when to when credentials are good that are asked for at `nowMs` for so many seconds: no longer than what they are taken from, each with its end
 * where it has one. Epoch milliseconds, whole seconds.
 */
export function sessionTimes(
  nowMs: number,
  seconds: number,
  ...sources: readonly { readonly validUntil?: number | undefined }[]
): Pick<Session, 'issuedAt' | 'expiresAt'> {
  const issuedAt = wholeSecond(nowMs)
  const end = Math.min(...sources.map(({ validUntil = Infinity }) => validUntil))
  return { issuedAt, expiresAt: Math.min(issuedAt + seconds * 1_000, wholeSecond(end)) }
}

const wholeSecond = (epochMs: number): number => Math.floor(epochMs / 1_000) * 1_000
