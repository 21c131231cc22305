import type { Clock } from '../base/clock.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import type { MetadataStore } from '../storage/metadata-store.ts'
import type { AccessKeyUses } from './access-keys/access-key-uses.ts'
import type { AccountOwners } from './accounts/account-owners.ts'
import type { ProcessLedger } from './blobs/process-ledger.ts'
import type { DamageLedger } from './damage/damage-ledger.ts'
import type { AccessCache } from './credentials/access-cache.ts'
import type { AccessReads } from './credentials/access-reads.ts'
import type { AccessLookup } from './credentials/access-lookup.ts'
import type { ObjectKeys } from './encryption/object-keys.ts'
import type { SecretVault } from './secrets/secret-vault.ts'
import type { SessionTokens } from './sessions/session-tokens.ts'
import type { Turns } from './commit/turns.ts'

/** Limits and choices that the rules need; the server's configuration fills them in. */
export interface ServiceSettings {
  /** Bodies up to this many bytes are kept in the metadata record. */
  readonly inlineBodyBytesMax: number
  /** Least size of an upload's parts except the last; S3's when absent. No server can be told another one: tests alone want small parts. */
  readonly partSizeBytesMin?: number
  /** How long a day of lifecycle rules lasts; anything but a day is for trying rules out. */
  readonly lifecycleDayMs: number
  /** Whether storage classes other than STANDARD are refused; otherwise they are taken for it. */
  readonly refusesStorageClasses: boolean
  /** Whether URLs presigned by signature version 2 are refused. */
  readonly refusesPresignedVersion2: boolean
  /** Buckets that one account may own, over all regions. */
  readonly bucketsPerAccountMax: number
  /** Application keys that one account may have. */
  readonly applicationKeysPerAccountMax: number
  /** Days for which it is kept who used an access key. */
  readonly keyUseDays: number
  /** Rows that tell of the uses of an account's keys, at most; some are kept beyond until they are pruned. */
  readonly keyUseRowsPerAccountMax: number
  /** Days for which a key that was rotated is kept once it is Inactive; 0: until it is deleted by hand. */
  readonly retiredKeyDays: number
  /** Roles that one account may have. */
  readonly rolesPerAccountMax: number
  /** The issuers that roles may trust; every one when empty. */
  readonly webIdentityIssuers: readonly string[]
  /** Origins at which issuers may have their keys, besides their own. */
  readonly webIdentityKeyOrigins: readonly string[]
  /** Whether an issuer on this machine may be asked without TLS. */
  readonly asksLoopbackIssuersPlainly: boolean
  /** How buckets made through S3 start: as in S3 since 2023, or before (ACLs count, nothing is blocked). */
  readonly newBucketDefaults: 'current' | 'legacy'
  /** The domain under which buckets are hosts (`<bucket>.s3.<region>.<domain>`), or null. */
  readonly domain: string | null
  /** Whether pages in buckets that are addressed by path may act as pages of this server's own. */
  readonly pathStylePages: 'sandbox' | 'trusted'
  /** Base URL under which clients reach this server, without a slash at the end: bucket URLs are made from it. */
  readonly publicUrl: string
}

/** What a context is made from. */
export interface ContextParts {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly vault: SecretVault
  readonly settings: ServiceSettings
  /** Hears that it could not be stored when keys and roles were last used, and whether it is tried again: not at the end. */
  readonly onUnstoredUse?: (error: unknown, isTriedAgain: boolean) => void
}

/** What every rule works with: made once at start (create-context.ts), passed down. What a process remembers for the rules between requests hangs here. */
export interface ServiceContext extends ContextParts {
  readonly objectKeys: ObjectKeys
  readonly blobLedger: ProcessLedger
  readonly damage: DamageLedger
  readonly turns: Turns
  readonly accountOwners: AccountOwners
  readonly accessCache: AccessCache
  readonly accessReads: AccessReads<AccessLookup>
  readonly accessKeyUses: AccessKeyUses
  readonly sessionTokens: SessionTokens
  /** Whether the index of accounts is known to have all of them: it never loses one. */
  readonly accountIndex: { isComplete: boolean }
}
