import type { SealedSecret } from '../secrets/secret-vault.ts'
import { recordCodec } from './codec.ts'

/**
 * A stored access key of any kind. While it lives nothing changes it but sealing its secret under another master key, and the rights, status and end that
 * it is given, so that the final commit of a write can check it by version: a key deleted or switched off meanwhile refuses the write. Its last use is a record of its own.
 */
export type CredentialRecord = AccountCredential | BucketCredential | ResourceCredential

interface CredentialCommon {
  readonly accessKeyId: string
  readonly accountId: string
  readonly secret: SealedSecret
  readonly status: 'Active' | 'Inactive'
  readonly createdAt: number
  /** Epoch milliseconds from which it does not count any more; absent: it does until it is deleted. */
  readonly validUntil?: number
}

/** An account's root key pair. */
export interface AccountCredential extends CredentialCommon {
  readonly type: 'account'
}

/** The places for access keys that a bucket has: there are never more than these. */
export const ACCESS_KEY_SLOTS = [0, 1] as const

/** One of {@link ACCESS_KEY_SLOTS}. */
export type AccessKeySlot = (typeof ACCESS_KEY_SLOTS)[number]

/** An access key of one bucket; `slot` is its place among the two. */
export interface BucketCredential extends CredentialCommon {
  readonly type: 'bucket-key'
  readonly bucketName: string
  readonly bucketId: string
  readonly slot: AccessKeySlot
}

/** The access key of a resource. */
export interface ResourceCredential extends CredentialCommon {
  readonly type: 'resource'
  readonly resourceName: string
  readonly region: string
}

/** The stored form of an access key. */
export const credentialCodec = recordCodec<CredentialRecord>('credential', 1)

/** When, where and with which service a key was last used. */
export interface LastUsedRecord {
  /** Epoch milliseconds, whole seconds. */
  readonly lastUsedDate: number
  readonly region: string
  readonly serviceName: string
}

/** The stored form of a last use. */
export const lastUsedCodec = recordCodec<LastUsedRecord>('last use', 1)
