import type { BlobId } from '../../storage/blob-store.ts'
import { recordCodec } from './codec.ts'

/** What was found damaged of an object: some of its bytes, or the record that tells what it is. */
export interface DamageRecord {
  readonly bucketId: string
  readonly key: string
  /** Of the damaged version (see ObjectRecord); absent where its record is damaged and does not tell. */
  readonly order?: string
  readonly versionId?: string
  readonly blobId?: BlobId
  /** Of the first byte that may be wrong, in the blob. */
  readonly offset?: number
  /** Where it lies, for whoever looks after the store. */
  readonly place?: string
  /** In words. */
  readonly reason: string
  /** Epoch milliseconds. */
  readonly foundAt: number
}

/** The stored form of what was found damaged. */
export const damageCodec = recordCodec<DamageRecord>('damage', 1)
