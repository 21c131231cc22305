import type { BucketCredential, LastUsedRecord } from '../records/credential.ts'

/** A bucket access key as its owner sees it; never with its secret. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly status: BucketCredential['status']
  readonly createdAt: number
  /** Null before the first use. */
  readonly lastUsed: LastUsedRecord | null
}
