import type { CredentialState } from '../admission.ts'
import type { KeyRefusal } from '../errors/access-key.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { CredentialRecord } from '../records/credential.ts'

/** Why a stored access key does not count at this moment (`nowMs`, epoch milliseconds); null: it does. */
export function refusalOf(
  { status, validUntil = Infinity }: Pick<CredentialRecord, 'status' | 'validUntil'>,
  nowMs: number,
): KeyRefusal | null {
  if (status !== 'Active') return { why: 'inactive' }
  return nowMs < validUntil ? null : { why: 'expired', at: validUntil }
}

/** What an API says of a key that does not count. */
interface DescribedRefusal {
  /** What does not count: a key nobody knows, a key, a token, a token whose time is over. */
  readonly what: 'unknown' | 'key' | 'token' | 'token-expired'
  /** What is wrong with it, to follow its name in a message; empty where the API's own words say all. */
  readonly fault: string
}

/** What is wrong with the key, in words of no API. */
export function describeRefusal(refusal: KeyRefusal): DescribedRefusal {
  switch (refusal.why) {
    case 'unknown':
      return { what: 'unknown', fault: '' }
    case 'inactive':
      return { what: 'key', fault: 'is inactive' }
    case 'expired':
      return { what: 'key', fault: `expired at ${isoTime(refusal.at)}` }
    case 'token-invalid':
      return { what: 'token', fault: '' }
    case 'token-expired':
      return { what: 'token-expired', fault: '' }
    case 'session-ended':
      return { what: 'token', fault: `${refusal.source} ${refusal.fault}` }
  }
}

const isoTime = (epochMs: number): string => new Date(epochMs).toISOString()

/** Throws `AccessKeyStopped` for a write whose key's time, or whose session's, came to its end meanwhile. */
export function refuseExpired(credential: CredentialState | null, nowMs: number): void {
  const at = credential?.validUntil
  if (at === undefined || nowMs < at) return
  throw stoppedKey({ why: credential?.session ? 'token-expired' : 'expired', at })
}

/** The refusal of a write whose key stopped while it was under way. */
export const stoppedKey = (refusal: KeyRefusal): DomainError => new DomainError('AccessKeyStopped', refusal)
