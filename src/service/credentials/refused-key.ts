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

/** What is wrong with the key, to follow its name in a message; null: nobody knows the key. */
export function describeRefusal(refusal: KeyRefusal): string | null {
  switch (refusal.why) {
    case 'unknown':
      return null
    case 'inactive':
      return 'is inactive'
    case 'expired':
      return `expired at ${new Date(refusal.at).toISOString()}`
  }
}

/** Throws `AccessKeyStopped` for a write whose key's time came to its end meanwhile. */
export function refuseExpired(credential: { readonly validUntil?: number } | null, nowMs: number): void {
  const at = credential?.validUntil
  if (at !== undefined && nowMs >= at) throw stoppedKey({ why: 'expired', at })
}

/** The refusal of a write whose key stopped while it was under way. */
export const stoppedKey = (refusal: KeyRefusal): DomainError => new DomainError('AccessKeyStopped', refusal)
