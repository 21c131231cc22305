import { randomBytes } from 'node:crypto'
import { CHECKED_BLOB_SUFFIX, type BlobId } from '../../storage/blob-store.ts'

/**
 * What a backup target holds, a blob store whose blobs are checked block by block:
 *
 *     head.c                   which store the target is of
 *     state-TIME-RANDOM.c      a state of the store: which runs make up its records
 *     run-RANDOM-k.c, -v.c     a run of records: keys with versions and digests, and the values
 *     ID.c                     a blob of the store, under its own id; those of older releases get the suffix
 *     lock-OWNER-COUNT.c       who writes to the target now
 *
 * Ids of a store's blobs begin with a hexadecimal digit, so they lie before all else.
 */
export const HEAD_ID: BlobId = 'head.c'
/** What the ids of states begin with; what follows sorts by time. */
export const STATE_PREFIX = 'state-'
/** What the ids of both halves of runs begin with. */
export const RUN_PREFIX = 'run-'
/** What the ids of locks begin with. */
export const LOCK_PREFIX = 'lock-'
/** No blob of a store is listed from here on. */
export const BLOBS_END = 'g'

/** The id under which a blob of the store lies in the target. Throws RangeError for an id that no writer of Lugsail makes. */
export function targetBlobId(id: BlobId): BlobId {
  if (!/^[0-9a-f]/.test(id)) throw new RangeError(`the id of blob ${id} is not of a kind that is backed up`)
  return id.endsWith(CHECKED_BLOB_SUFFIX) ? id : `${id}${CHECKED_BLOB_SUFFIX}`
}

/** The ids of the two halves of a run. */
export const runBlobIds = (runId: string): { readonly keys: BlobId; readonly values: BlobId } => ({
  keys: `${RUN_PREFIX}${runId}-k.c`,
  values: `${RUN_PREFIX}${runId}-v.c`,
})

/** The run that a blob in the target is a half of; null when it is none. */
export const runIdOf = (blobId: BlobId): string | null =>
  /^run-([0-9a-f]+)-[kv]\.c$/.exec(blobId)?.[1] ?? null

/** A name that no other run, state or lock has. */
export const newRandomName = (): string => randomBytes(8).toString('hex')

/** The id of a new state of an instant (epoch milliseconds). */
export const newStateId = (at: number): BlobId =>
  `${STATE_PREFIX}${new Date(at).toISOString().toLowerCase().replace(/[-:.]/g, '')}-${newRandomName()}.c`
