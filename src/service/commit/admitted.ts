import type { Change, Entry } from '../../storage/metadata-store.ts'
import type { Admission, StoredBucket } from '../admission.ts'
import { isBound } from '../authorization/authorize.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialChecks } from './credential-checks.ts'
import { renewedKey } from './renewed-key.ts'

/** The state by which a write was let in: what its commit checks. */
export type Admitted = Pick<Admission, 'bucket' | 'credential' | 'source'>

/** That all of it is still as it was read, as checks of a commit. */
export function admittedChecks({ bucket, credential, source }: Admitted): NonNullable<Change['checks']> {
  const buckets = source ? [bucket, source] : [bucket]
  const checks = buckets.map(({ record, version }) => ({ key: bucketKey(record.name), version }))
  return credential ? [...checks, ...credentialChecks(credential)] : checks
}

/**
 * Reads buckets and credential anew, and decides again, where a bucket or the key changed since `known`, whether the request may go on. Throws `NoSuchBucket`
 * when one is gone, `AccessKeyStopped` when the key is, or was switched off, and what `admission.reauthorize` throws.
 */
export async function readmit(
  context: ServiceContext,
  admission: Admission,
  known: Admitted,
): Promise<Admitted> {
  const { credential } = admission
  const buckets = known.source ? [known.bucket, known.source] : [known.bucket]
  const keys = buckets.map(({ record }) => bucketKey(record.name))
  const rows = credential ? credentialChecks(credential).map(({ key }) => key) : []
  const entries = await context.metadata.getMany([...keys, ...rows])
  const credentialEntries = entries.slice(keys.length)
  const renewed = known.credential ? renewedKey(context, known.credential, credentialEntries) : null
  const read = buckets.map((earlier, at) => sameBucket(earlier, entries[at]))
  // Of all keys application keys alone can be given other rights, and roles.
  const principal = renewed && isBound(renewed.principal) ? renewed.principal : undefined
  for (const [at, stored] of read.entries())
    if (principal || stored.version !== buckets[at]?.version) await admission.reauthorize?.(stored, principal)
  const [bucket = known.bucket, source] = read
  return {
    bucket,
    ...(source && { source }),
    credential: renewed ? renewed.state : known.credential,
  }
}

/** The bucket as it is now. Throws `NoSuchBucket` when it is gone, or another has its name. */
function sameBucket({ record }: StoredBucket, entry: Entry | null | undefined): StoredBucket {
  const found = entry ? { record: bucketCodec.decode(entry.value), version: entry.version } : null
  if (found?.record.bucketId !== record.bucketId)
    throw new DomainError('NoSuchBucket', { bucketName: record.name })
  return found
}
