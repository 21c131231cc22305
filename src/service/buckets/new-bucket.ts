import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accountKey, bucketIndexKey, bucketIndexRange, bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { newBucketId } from './bucket-id.ts'

/** A bucket as every bucket starts: private, unversioned, without tags. */
export function newBucketRecord(
  context: ServiceContext,
  caller: Caller,
  name: string,
  settings: Pick<BucketRecord, 'origin' | 'bundleId'> & Partial<BucketRecord>,
): BucketRecord {
  return {
    bucketId: newBucketId(),
    name,
    accountId: caller.accountId,
    region: caller.region,
    createdAt: context.clock.now(),
    accessRules: { getObject: 'private', allowPublicOverrides: false },
    versioning: 'NeverEnabled',
    readonlyAccessAccounts: [],
    receivers: [],
    tags: [],
    sumsRecords: true,
    ...settings,
  }
}

interface NameAndQuota {
  /** Who has the name: null, nobody. */
  readonly holder: BucketRecord | null
  /** What the creating commit checks and sets besides the bucket's own records. */
  readonly checks: NonNullable<Change['checks']>
  readonly sets: NonNullable<Change['sets']>
}

/**
 * Reads what the creation of a bucket depends on. The account's record is written anew in the same commit, so that creations of one account
 * come one after the other and the quota is exact, and none slips past the deletion of the account. Throws `TooManyBuckets` at the quota, and `AccountGone`.
 */
export async function readNameAndQuota(
  context: ServiceContext,
  accountId: string,
  name: string,
): Promise<NameAndQuota> {
  const { bucketsPerAccountMax } = context.settings
  const [account, taken] = await context.metadata.getMany([accountKey(accountId), bucketKey(name)])
  if (taken) return { holder: bucketCodec.decode(taken.value), checks: [], sets: [] }
  const owned = await context.metadata.scan({
    ...bucketIndexRange(accountId),
    limit: bucketsPerAccountMax,
    keysOnly: true,
  })
  if (owned.length >= bucketsPerAccountMax) {
    throw new DomainError('TooManyBuckets', { count: owned.length })
  }
  if (!account) throw new DomainError('AccountGone')
  return {
    holder: null,
    checks: [
      { key: bucketKey(name), version: null },
      { key: account.key, version: account.version },
    ],
    sets: [{ key: account.key, value: account.value }],
  }
}

/** What stores a new bucket: its record, and its place in the account's index. */
export function newBucketSets(record: BucketRecord): NonNullable<Change['sets']> {
  return [
    { key: bucketKey(record.name), value: bucketCodec.encode(record) },
    { key: bucketIndexKey(record.accountId, record.region, record.name), value: Buffer.from(record.name) },
  ]
}
