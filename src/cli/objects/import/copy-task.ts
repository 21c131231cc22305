import type { Loss } from './described-object.ts'
import type { ListedVersion } from './listing.ts'
import type { OpenUploads } from './open-uploads.ts'
import type { Slots } from './slots.ts'
import type { Store } from './store.ts'

/** What every copy works with. */
export interface CopyContext {
  readonly source: Store
  readonly target: Store
  /** Uploads in parts at the destination that are not ended. */
  readonly openUploads: OpenUploads
  /** One for each body that travels. */
  readonly slots: Slots
  readonly signal: AbortSignal
  /** Told of bytes that arrived; a negative number takes back those of a try that failed. */
  readonly advance: (bytes: number) => void
  readonly takesUnverified: boolean
}

/** One version that is to be copied. */
export interface CopyTask {
  readonly from: string
  readonly to: string
  readonly key: string
  readonly version: ListedVersion
  /** Whether the bucket at the destination has object lock. */
  readonly hasLock: boolean
}

/** What was copied, and what of it could not come along. */
export interface Copied {
  /** The source's. */
  readonly etag: string
  /** When the source says that it was made. */
  readonly modifiedAt: Date | undefined
  readonly sizeBytes: number
  readonly losses: readonly Loss[]
  /** Whether nothing but the number of bytes vouches for them. */
  readonly isUnverified: boolean
}
