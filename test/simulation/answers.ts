import { isDomainError, type DomainError } from '../../src/service/errors/domain-error.ts'
import { DamagedBlob } from '../../src/storage/blob-store.ts'
import { CommitUnknown, DamagedRecord, StoreUnavailable } from '../../src/storage/metadata-store.ts'
import type { Gateway } from './world.ts'

/** What a client hears. `unavailable`: a 503 of which the contract says that nothing happened; `unknown`: nobody knows. */
export type Answer<T> =
  | { readonly type: 'done'; readonly value: T }
  | { readonly type: 'refused'; readonly error: DomainError }
  | { readonly type: 'unavailable' | 'damaged' | 'unknown' }
  /** A 500: what nobody foresaw. */
  | { readonly type: 'unforeseen'; readonly error: unknown }

/** Asks a gateway, which may end before it answers. */
export async function ask<T>(gateway: Gateway, work: () => Promise<T>): Promise<Answer<T>> {
  try {
    const result = await gateway.process.watch(work())
    return result === 'ended' ? { type: 'unknown' } : { type: 'done', value: result }
  } catch (error) {
    return answerOf(error)
  }
}

function answerOf(error: unknown): Exclude<Answer<never>, { readonly type: 'done' }> {
  if (isDamage(error)) return { type: 'damaged' }
  if (isDomainError(error)) return { type: 'refused', error }
  if (error instanceof CommitUnknown) return { type: 'unknown' }
  if (error instanceof StoreUnavailable) return { type: 'unavailable' }
  return { type: 'unforeseen', error }
}

/** Whether it says that what was read is not what was stored. */
export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedBlob || error instanceof DamagedRecord || isDomainError(error, 'DamagedObject')
