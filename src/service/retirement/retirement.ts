import { DAY_MS, DAY_SECONDS } from '../../base/milliseconds.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { CredentialRecord, Retirement } from '../records/credential.ts'
import type { ServiceContext } from '../context.ts'

/** What is asked for of a key that is rotated; all absent: a day. */
export interface RetirementRequest {
  /** Seconds; 0: at once. */
  readonly retireInSeconds?: number | undefined
  /** Epoch milliseconds. */
  readonly retireAt?: number | undefined
  /** Seconds without a use. */
  readonly retireWhenIdleSeconds?: number | undefined
}

/**
 * The old key's time, in seconds, where none is asked for: a response that is lost on its way locks nobody out. A key that is Inactive may be so since its
 * secret leaked, and its old half does not come back with the new one.
 */
const secondsUnasked = ({ status }: Pick<CredentialRecord, 'status'>): number =>
  status === 'Inactive' ? 0 : DAY_SECONDS

/**
 * When the key that is rotated is to stop, never later than it would have; null: at once. Throws `InvalidApplicationKey` for what cannot be meant.
 */
export function planRetirement(
  { clock }: ServiceContext,
  { status, validUntil = Infinity }: Pick<CredentialRecord, 'status' | 'validUntil'>,
  { retireInSeconds, retireAt, retireWhenIdleSeconds }: RetirementRequest,
): Retirement | null {
  const since = clock.now()
  if (retireInSeconds !== undefined && retireAt !== undefined)
    throw invalid('retireInSeconds and retireAt exclude each other')
  if (retireAt !== undefined && retireAt <= since)
    throw invalid(`retireAt must be in the future, got ${new Date(retireAt).toISOString()}`)
  const isUnasked =
    retireInSeconds === undefined && retireAt === undefined && retireWhenIdleSeconds === undefined
  const seconds = isUnasked ? secondsUnasked({ status }) : (retireInSeconds ?? Infinity)
  const until = Math.min(retireAt ?? since + seconds * 1_000, validUntil)
  if (until <= since) return null
  return {
    since,
    ...(until !== Infinity && { until }),
    ...(retireWhenIdleSeconds !== undefined && { idleMs: retireWhenIdleSeconds * 1_000 }),
  }
}

const invalid = (problem: string): DomainError => new DomainError('InvalidApplicationKey', { problem })

/** Whether the key that was rotated still counts, as far as its retirement says. */
export const isRetiring = ({ until = Infinity, endedAt }: Retirement, nowMs: number): boolean =>
  endedAt === undefined && nowMs < until

/** Whether the time has come to make the key Inactive: its moment, or it was idle for long enough. `lastUsed`: null before the first use. */
export function isDue(
  { since = 0, until = Infinity, idleMs = Infinity, endedAt }: Retirement,
  lastUsed: number | null,
  nowMs: number,
): boolean {
  if (endedAt !== undefined) return false
  return nowMs >= until || nowMs - Math.max(since, lastUsed ?? 0) >= idleMs
}

/** When a key that retired is deleted; undefined: it has not retired, or is kept. */
export function deletionOf({ settings }: ServiceContext, { endedAt }: Retirement): number | undefined {
  const { retiredKeyDays } = settings
  return endedAt === undefined || retiredKeyDays === 0 ? undefined : endedAt + retiredKeyDays * DAY_MS
}
