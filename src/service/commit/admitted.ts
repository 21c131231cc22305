import type { Change, Entry } from '../../storage/metadata-store.ts'
import type { Admission, StoredBucket } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { stoppedKey, refusalOf } from '../credentials/refused-key.ts'
import { DomainError } from '../errors/domain-error.ts'
import { bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialCodec } from '../records/credential.ts'

/** The state by which a write was let in: what its commit checks. */
export type Admitted = Pick<Admission, 'bucket' | 'credential' | 'source'>

/** That all of it is still as it was read, as checks of a commit. */
export function admittedChecks({ bucket, credential, source }: Admitted): NonNullable<Change['checks']> {
  const buckets = source ? [bucket, source] : [bucket]
  const checks = buckets.map(({ record, version }) => ({ key: bucketKey(record.name), version }))
  return credential ? [...checks, credential] : checks
}

/**
 * Reads buckets and credential anew, and decides again, where a bucket changed since `known`, whether the request may go on. Throws `NoSuchBucket` when
 * one is gone, `AccessKeyStopped` when the key is, or was switched off, and what `admission.reauthorize` throws.
 */
export async function readmit(
  context: ServiceContext,
  admission: Admission,
  known: Admitted,
): Promise<Admitted> {
  const { credential } = admission
  const buckets = known.source ? [known.bucket, known.source] : [known.bucket]
  const keys = buckets.map(({ record }) => bucketKey(record.name))
  const entries = await context.metadata.getMany(credential ? [...keys, credential.key] : keys)
  const credentialEntry = credential ? entries[keys.length] : null
  if (credential && !credentialEntry) throw stoppedKey({ why: 'unknown' })
  const read = buckets.map((earlier, at) => sameBucket(earlier, entries[at]))
  for (const [at, stored] of read.entries())
    if (stored.version !== buckets[at]?.version) await admission.reauthorize?.(stored)
  const [bucket = known.bucket, source] = read
  return {
    bucket,
    ...(source && { source }),
    credential: credentialEntry ? sameCredential(context, known.credential, credentialEntry) : null,
  }
}

/** The bucket as it is now. Throws `NoSuchBucket` when it is gone, or another has its name. */
function sameBucket({ record }: StoredBucket, entry: Entry | null | undefined): StoredBucket {
  const found = entry ? { record: bucketCodec.decode(entry.value), version: entry.version } : null
  if (found?.record.bucketId !== record.bucketId)
    throw new DomainError('NoSuchBucket', { bucketName: record.name })
  return found
}

/** The credential as it is now. Throws `AccessKeyStopped` when it was switched off, or ended. */
function sameCredential(
  context: ServiceContext,
  known: Admitted['credential'],
  { key, value, version }: Entry,
): Admitted['credential'] {
  if (version === known?.version) return known
  const record = credentialCodec.decode(value)
  const refusal = refusalOf(record, context.clock.now())
  if (refusal) throw stoppedKey(refusal)
  return { key, version, ...(record.validUntil !== undefined && { validUntil: record.validUntil }) }
}
