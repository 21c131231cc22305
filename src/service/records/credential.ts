import type { SealedSecret } from '../secrets/secret-vault.ts'
import { recordCodec } from './codec.ts'

/**
 * A stored access key of any kind. While it lives nothing changes it but sealing its secret under another master key, so that the final
 * commit of a write can check it by version: a key deleted meanwhile refuses the write. Its last use is a record of its own.
 */
export type CredentialRecord = AccountCredential | BucketCredential | ResourceCredential

interface CredentialCommon {
  readonly accessKeyId: string
  readonly accountId: string
  readonly secret: SealedSecret
  readonly status: 'Active' | 'Inactive'
  readonly createdAt: number
}

export interface AccountCredential extends CredentialCommon {
  readonly type: 'account'
}

export interface BucketCredential extends CredentialCommon {
  readonly type: 'bucket-key'
  readonly bucketName: string
  readonly bucketId: string
  readonly slot: 0 | 1
}

export interface ResourceCredential extends CredentialCommon {
  readonly type: 'resource'
  readonly resourceName: string
  readonly region: string
}

export const credentialCodec = recordCodec<CredentialRecord>('credential', 1)

/** When, where and with which service a key was last used. */
export interface LastUsedRecord {
  /** Epoch milliseconds, whole seconds. */
  readonly lastUsedDate: number
  readonly region: string
  readonly serviceName: string
}

export const lastUsedCodec = recordCodec<LastUsedRecord>('last use', 1)
