import type { Entry, Key, Version } from '../../storage/metadata-store.ts'
import type { Admission, StoredBucket } from '../admission.ts'
import { scopeOf } from '../authorization/within-scope.ts'
import type { Principal } from '../principal.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialCodec } from '../records/credential.ts'
import type { CredentialRecord } from '../records/credential.ts'
import type { SecretVault } from '../secrets/secret-vault.ts'

/** An access key as it was read, with who it speaks for. One state of a key is one object: equal versions give the same object. */
export interface FoundCredential {
  readonly accessKeyId: string
  readonly record: CredentialRecord
  readonly principal: Exclude<Principal, { readonly type: 'anonymous' }>
  /** Where it is stored; a write checks it again together with `secretVersion`. */
  readonly key: Key
  /** The entry's version. A derived signing key may be kept by (accessKeyId, secretVersion, date, region, service). */
  readonly secretVersion: Version
  /** Opens the secret access key: costs two decryptions, so call it only when no derived signing key is at hand. */
  secret(): string
}

/** What the commit of a write checks of the key by which it was let in. */
export function credentialState({
  key,
  secretVersion,
  record: { validUntil },
}: FoundCredential): NonNullable<Admission['credential']> {
  return { key, version: secretVersion, ...(validUntil !== undefined && { validUntil }) }
}

/** Decoded records kept at most; the oldest go first. */
const CACHED_CREDENTIALS_MAX = 10_000
/** Bytes of the stored form of all decoded credentials: an application key of many prefixes or of a long policy is large. */
const CACHED_CREDENTIALS_BYTES_MAX = 32 * 1024 * 1024
const CACHED_BUCKETS_MAX = 2_000

/** Decoded records by name, valid only for the version they were decoded from; saves parsing them on each request. */
export class AccessCache {
  readonly #vault: SecretVault
  readonly #credentials = new Map<string, FoundCredential>()
  readonly #credentialBytes = new Map<string, number>()
  #credentialBytesKept = 0
  readonly #buckets = new Map<string, StoredBucket>()

  constructor(vault: SecretVault) {
    this.#vault = vault
  }

  /** What the entry of a key says, whether the key counts or not. */
  credential(accessKeyId: string, entry: Entry): FoundCredential {
    const known = this.#credentials.get(accessKeyId)
    if (known?.secretVersion === entry.version) return known
    const found = this.#read(accessKeyId, entry)
    this.#keep(found, entry.value.byteLength)
    return found
  }

  #keep(found: FoundCredential, bytes: number): void {
    this.#forget(found.accessKeyId)
    this.#credentials.set(found.accessKeyId, found)
    this.#credentialBytes.set(found.accessKeyId, bytes)
    this.#credentialBytesKept += bytes
    for (const oldest of this.#credentials.keys()) {
      const isTooMuch =
        this.#credentials.size > CACHED_CREDENTIALS_MAX ||
        this.#credentialBytesKept > CACHED_CREDENTIALS_BYTES_MAX
      if (!isTooMuch) break
      this.#forget(oldest)
    }
  }

  #forget(accessKeyId: string): void {
    this.#credentials.delete(accessKeyId)
    this.#credentialBytesKept -= this.#credentialBytes.get(accessKeyId) ?? 0
    this.#credentialBytes.delete(accessKeyId)
  }

  /** What the entry of a bucket says. */
  bucket(name: string, entry: Entry): StoredBucket {
    const known = this.#buckets.get(name)
    if (known?.version === entry.version) return known
    const stored = { record: bucketCodec.decode(entry.value), version: entry.version }
    remember(this.#buckets, name, stored, CACHED_BUCKETS_MAX)
    return stored
  }

  #read(accessKeyId: string, entry: Entry): FoundCredential {
    const record = credentialCodec.decode(entry.value)
    const vault = this.#vault
    return {
      accessKeyId,
      record,
      principal: principalOf(record),
      key: entry.key,
      secretVersion: entry.version,
      secret: () => vault.open(record.secret, accessKeyId),
    }
  }
}

function principalOf(record: CredentialRecord): FoundCredential['principal'] {
  const { accountId, accessKeyId } = record
  switch (record.type) {
    case 'account':
      return { type: 'account', accountId, accessKeyId }
    case 'bucket-key':
      return {
        type: 'bucket-key',
        accountId,
        accessKeyId,
        bucketName: record.bucketName,
        bucketId: record.bucketId,
      }
    case 'application-key':
      return { type: 'application-key', accountId, accessKeyId, name: record.name, scope: scopeOf(record) }
    case 'resource':
      return {
        type: 'resource',
        accountId,
        accessKeyId,
        resourceName: record.resourceName,
        region: record.region,
      }
  }
}

function remember<T>(cache: Map<string, T>, name: string, value: T, entriesMax: number): void {
  cache.delete(name)
  if (cache.size >= entriesMax) {
    const oldest = cache.keys().next()
    if (oldest.done !== true) cache.delete(oldest.value)
  }
  cache.set(name, value)
}
