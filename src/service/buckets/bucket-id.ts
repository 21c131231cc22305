import { randomBytes } from 'node:crypto'

/** So many that two of a store's buckets, removed ones too, do not get the same: of a million, one time in nearly ten thousand million. */
const RANDOM_BYTES = 9

/** An id that no bucket ever had: 12 characters. Short, since each key of the bucket's content begins with it; those of release 0.1 have 36. */
export const newBucketId = (): string => randomBytes(RANDOM_BYTES).toString('base64url')
