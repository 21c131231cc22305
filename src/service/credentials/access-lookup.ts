import type { StoredBucket } from '../admission.ts'
import type { KeyRefusal } from '../errors/access-key.ts'
import type { FoundCredential } from './access-cache.ts'

/** What the first read of a request tells: who asks, and of which bucket. */
export interface AccessLookup {
  /** Null when no key was asked for, and when that key does not exist (any more), is not active, or is over. */
  readonly credential: FoundCredential | null
  /** Why there is no credential; null when there is one, and when no key was asked for. */
  readonly refusal: KeyRefusal | null
  /** The key that was refused, where it is there at all: whoever has its secret still is told of as its user. */
  readonly stopped: FoundCredential | null
  /** Null when no bucket was asked for, and when it does not exist. */
  readonly bucket: StoredBucket | null
}
