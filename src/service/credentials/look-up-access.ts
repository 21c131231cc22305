import type { Entry, Key, Version } from '../../storage/metadata-store.ts'
import type { StoredBucket } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey, credentialKey } from '../keyspace.ts'
import type { AccountPrincipal, BucketKeyPrincipal, ResourcePrincipal } from '../principal.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialCodec } from '../records/credential.ts'
import type { CredentialRecord } from '../records/credential.ts'

/** An access key as it was read, with who it speaks for. One state of a key is one object: equal versions give the same object. */
export interface FoundCredential {
  readonly accessKeyId: string
  readonly record: CredentialRecord
  readonly principal: AccountPrincipal | BucketKeyPrincipal | ResourcePrincipal
  /** Where it is stored; a write checks it again together with `secretVersion`. */
  readonly key: Key
  /** The entry's version. A derived signing key may be kept by (accessKeyId, secretVersion, date, region, service). */
  readonly secretVersion: Version
  /** Opens the secret access key: costs two decryptions, so call it only when no derived signing key is at hand. */
  secret(): string
}

interface AccessLookup {
  /** Null when no key was asked for, and when that key does not exist (any more), is not active, or is over. */
  readonly credential: FoundCredential | null
  /** Null when no bucket was asked for, and when it does not exist. */
  readonly bucket: StoredBucket | null
}

/** Decoded records kept for each context; the oldest go first. */
const CACHED_CREDENTIALS_MAX = 10_000
const CACHED_BUCKETS_MAX = 2_000

/**
 * Reads an access key and a bucket in one consistent round trip: each request does so, so that a deleted key stops at once. A bucket
 * key speaks for one bucket id; `authorize` refuses it when the bucket found under the name has another.
 */
export async function lookUpAccess(
  context: ServiceContext,
  accessKeyId: string | null,
  bucketName: string | null,
): Promise<AccessLookup> {
  const keys: Key[] = []
  if (accessKeyId !== null) keys.push(credentialKey(accessKeyId))
  if (bucketName !== null) keys.push(bucketKey(bucketName))
  if (keys.length === 0) return { credential: null, bucket: null }
  const entries = await context.metadata.getMany(keys)
  const cache = cacheOf(context)
  const credentialEntry = accessKeyId === null ? null : entries[0]
  const bucketEntry = bucketName === null ? null : entries[keys.length - 1]
  const found =
    credentialEntry && accessKeyId !== null ? cache.credential(accessKeyId, credentialEntry) : null
  const { validUntil = Infinity } = found?.record ?? {}
  return {
    credential: context.clock.now() < validUntil ? found : null,
    bucket: bucketEntry && bucketName !== null ? cache.bucket(bucketName, bucketEntry) : null,
  }
}

/** Decoded records by name, valid only for the version they were decoded from; saves parsing them on each request. */
class AccessCache {
  readonly #context: ServiceContext
  readonly #credentials = new Map<string, FoundCredential>()
  readonly #buckets = new Map<string, StoredBucket>()

  constructor(context: ServiceContext) {
    this.#context = context
  }

  credential(accessKeyId: string, entry: Entry): FoundCredential | null {
    const known = this.#credentials.get(accessKeyId)
    if (known?.secretVersion === entry.version) return known
    const found = this.#find(accessKeyId, entry)
    remember(this.#credentials, accessKeyId, found, CACHED_CREDENTIALS_MAX)
    return found
  }

  bucket(name: string, entry: Entry): StoredBucket {
    const known = this.#buckets.get(name)
    if (known?.version === entry.version) return known
    const stored = { record: bucketCodec.decode(entry.value), version: entry.version }
    remember(this.#buckets, name, stored, CACHED_BUCKETS_MAX)
    return stored
  }

  #find(accessKeyId: string, entry: Entry): FoundCredential | null {
    const record = credentialCodec.decode(entry.value)
    if (record.status !== 'Active') return null
    const { vault } = this.#context
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

function remember<T>(cache: Map<string, T>, name: string, value: T | null, entriesMax: number): void {
  cache.delete(name)
  if (value === null) return
  if (cache.size >= entriesMax) {
    const oldest = cache.keys().next()
    if (oldest.done !== true) cache.delete(oldest.value)
  }
  cache.set(name, value)
}

const caches = new WeakMap<ServiceContext, AccessCache>()

function cacheOf(context: ServiceContext): AccessCache {
  let cache = caches.get(context)
  if (!cache) {
    cache = new AccessCache(context)
    caches.set(context, cache)
  }
  return cache
}
