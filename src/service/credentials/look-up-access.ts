import type { Key } from '../../storage/metadata-store.ts'
import type { StoredBucket } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey, credentialKey } from '../keyspace.ts'
import type { FoundCredential } from './access-cache.ts'
import type { KeyRefusal } from '../errors/access-key.ts'
import { refusalOf } from './refused-key.ts'

interface AccessLookup {
  /** Null when no key was asked for, and when that key does not exist (any more), is not active, or is over. */
  readonly credential: FoundCredential | null
  /** Why there is no credential; null when there is one, and when no key was asked for. */
  readonly refusal: KeyRefusal | null
  /** The key that was refused, where it is there at all: whoever has its secret still is told of as its user. */
  readonly stopped: FoundCredential | null
  /** Null when no bucket was asked for, and when it does not exist. */
  readonly bucket: StoredBucket | null
}

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
  if (keys.length === 0) return { credential: null, refusal: null, stopped: null, bucket: null }
  const entries = await context.metadata.getMany(keys)
  const { accessCache } = context
  const credentialEntry = accessKeyId === null ? null : entries[0]
  const bucketEntry = bucketName === null ? null : entries[keys.length - 1]
  const found =
    credentialEntry && accessKeyId !== null ? accessCache.credential(accessKeyId, credentialEntry) : null
  const refusal =
    accessKeyId === null ? null : found ? refusalOf(found.record, context.clock.now()) : UNKNOWN_KEY
  return {
    credential: refusal === null ? found : null,
    refusal,
    stopped: refusal === null ? null : found,
    bucket: bucketEntry && bucketName !== null ? accessCache.bucket(bucketName, bucketEntry) : null,
  }
}

const UNKNOWN_KEY: KeyRefusal = { why: 'unknown' }
