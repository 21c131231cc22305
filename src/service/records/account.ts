import { recordCodec } from './codec.ts'

/** A root key pair that stops at a time that is set. */
export interface RetiringKey {
  readonly accessKeyId: string
  /** Epoch milliseconds. */
  readonly until: number
}

/** A stored account: the owner of buckets. */
export interface AccountRecord {
  readonly accountId: string
  readonly name: string
  /** What S3 shows as the owner's ID: 64 hexadecimal digits. */
  readonly canonicalUserId: string
  readonly createdAt: number
  /** The root key pair's id. */
  readonly accessKeyId: string
  /** The root key pair before it, while that still counts. */
  readonly retiring?: RetiringKey
}

/** The stored form of an account. */
export const accountCodec = recordCodec<AccountRecord>('account', 1)
