import type { KeyRight } from '../../model/lugsail/access-key-shapes.ts'
import type { SealedSecret } from '../secrets/secret-vault.ts'
import { recordCodec } from './codec.ts'

/**
 * A stored access key of any kind. While it lives nothing changes it but sealing its secret under another master key, and the rights, status and end that
 * it is given, so that the final commit of a write can check it by version: a key deleted or switched off meanwhile refuses the write. Its last use is a record of its own.
 */
export type CredentialRecord =
  | AccountCredential
  | BucketCredential
  | ApplicationCredential
  | ResourceCredential

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
interface AccountCredential extends CredentialCommon {
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
  /** Of a key that was rotated: when it stops, and the id of the key that took its place. */
  readonly retirement?: Retirement & { readonly successorId: string }
}

/** A key of an account with a name, rights and bounds; it has rights or a policy, never both. */
export interface ApplicationCredential extends CredentialCommon {
  readonly type: 'application-key'
  readonly name: string
  readonly description?: string
  /** Absent: all buckets of the account. A bucket of the same name made later has another id, and is not opened. */
  readonly buckets?: readonly { readonly name: string; readonly bucketId: string }[]
  readonly rights?: readonly KeyRight[]
  readonly policy?: string
  readonly prefixes?: readonly string[]
  readonly sourceNetworks?: readonly string[]
  readonly tags?: readonly { readonly key: string; readonly value: string }[]
}

/** When a key that was rotated stops; epoch milliseconds. It stops by whatever comes first. */
export interface Retirement {
  /** When it was rotated; absent in records of releases before, which have `until`. */
  readonly since?: number
  /** It counts until then: its own `validUntil` says the same. */
  readonly until?: number
  /** It counts until it was not used for so long. */
  readonly idleMs?: number
  /** It was made Inactive then, since its time had come. */
  readonly endedAt?: number
}

/** What is stored under the name of an application key: which key has it. */
export interface KeyNameRecord {
  readonly accessKeyId: string
  /** The key before it was rotated, until it is deleted. */
  readonly retiring?: Retirement & { readonly accessKeyId: string }
}

/** The access key of a resource. */
interface ResourceCredential extends CredentialCommon {
  readonly type: 'resource'
  readonly resourceName: string
  readonly region: string
}

/** The stored form of an access key. */
export const credentialCodec = recordCodec<CredentialRecord>('credential', 1)

/** The stored form of what has an application key's name. */
export const keyNameCodec = recordCodec<KeyNameRecord>('key name', 1)

/** How many application keys an account has. */
export const keyCountCodec = recordCodec<{ readonly count: number }>('key count', 1)

/** When, where and with which service a key, or a role, was last used. */
export interface LastUsedRecord {
  /** Epoch milliseconds, whole seconds. */
  readonly lastUsedDate: number
  readonly region: string
  readonly serviceName: string
  /** The API operation, the client's IP address and what it called itself; absent where that was not known, and in uses of releases before. */
  readonly operation?: string
  readonly address?: string
  readonly agent?: string
  /** Of a role: the session's name, and the access key that took it; no key where a token was shown. */
  readonly sessionName?: string
  readonly accessKeyId?: string
}

/** The stored form of a last use. */
export const lastUsedCodec = recordCodec<LastUsedRecord>('last use', 1)
