import { newBucketId } from '../../service/buckets/bucket-id.ts'
import { newBucketSets, readNameAndQuota } from '../../service/buckets/new-bucket.ts'
import type { ServiceContext } from '../../service/context.ts'
import {
  accessKeySlotKey,
  bucketKey,
  credentialKey,
  credentialsRange,
  nullVersionsRange,
  objectsRange,
  versionsRange,
} from '../../service/keyspace.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { bucketCodec, type BucketRecord } from '../../service/records/bucket.ts'
import { credentialCodec, type BucketCredential } from '../../service/records/credential.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { checkMasterKey, IDENTITY_KEY, identityIn } from '../store/store-identity.ts'
import type { BackupState, Damage } from './backup-state.ts'
import { BucketRows } from './bucket-rows.ts'
import { findInRuns, mergeRuns, type MergedKey } from './merge-runs.ts'
import { abandonRestore, beginRestore, finishRestores } from './restore-marks.ts'
import type { OnBackupProgress } from './state-taker.ts'
import type { BackupTarget } from './target.ts'

/** What came back of a bucket. */
export interface BucketRestoreReport {
  readonly bucketName: string
  readonly versions: number
  readonly blobs: number
  readonly blobBytes: number
  /** The ids of its access keys that count again. */
  readonly accessKeyIds: readonly string[]
  /** Ids of access keys that the store has already, for something else. */
  readonly accessKeyIdsTaken: readonly string[]
  /** Versions whose bytes cannot be read: they were left out. */
  readonly missing: readonly Damage[]
  readonly missingCount: number
}

interface BucketRestoreOptions {
  readonly context: ServiceContext
  readonly target: BackupTarget
  readonly state: BackupState
  readonly bucketName: string
  readonly onProgress?: OnBackupProgress
}

/**
 * Brings one bucket of a state back into a store that servers use, with its settings, versions, locks and access keys, and a new id: nothing that is still being removed of the bucket of
 * before has anything to do with it. It is seen when it is whole. Uploads that were under way and daily figures do not come back, and no application key is for it. Throws ConfigurationError when the state has no such bucket, or the
 * store has one, or lacks its account or the master key.
 */
export async function restoreBucket(options: BucketRestoreOptions): Promise<BucketRestoreReport> {
  const { context, target, state, bucketName } = options
  await finishRestores(context)
  const before = await bucketIn(options)
  const [taken] = await context.metadata.getMany([bucketKey(bucketName)])
  if (taken)
    throw new ConfigurationError(`--bucket: the store has a bucket ${bucketName}; delete that one first`)
  const identity = await findInRuns(target.store, state.runs, IDENTITY_KEY)
  if (identity?.value) checkMasterKey(identityIn(identity.value), context.vault)
  const record: BucketRecord = { ...before, bucketId: newBucketId(), sumsRecords: true }
  await readQuota(context, record)
  const mark = await beginRestore(context, record)
  try {
    const rows = new BucketRows({ context, target, from: before.bucketId, to: record.bucketId })
    const keys = await restoreRows(options, before.bucketId, rows)
    const { returning, taken: idsTaken } = await freeKeys(context, keys)
    const quota = await readQuota(context, record)
    const outcome = await context.metadata.commit({
      checks: [
        ...quota.checks,
        ...returning.map(({ accessKeyId }) => ({ key: credentialKey(accessKeyId), version: null })),
      ],
      sets: [
        ...quota.sets,
        ...newBucketSets(record),
        ...returning.flatMap((key) => keySets({ ...key, bucketId: record.bucketId })),
      ],
      deletes: [mark],
    })
    if (outcome !== 'ok')
      throw new ConfigurationError(`the store changed while ${bucketName} came back; try again`)
    return {
      bucketName,
      ...rows.report,
      accessKeyIds: returning.map(({ accessKeyId }) => accessKeyId),
      accessKeyIdsTaken: idsTaken,
    }
  } catch (error) {
    await abandonRestore(context, mark)
    throw error
  }
}

async function bucketIn({ target, state, bucketName }: BucketRestoreOptions): Promise<BucketRecord> {
  const entry = await findInRuns(target.store, state.runs, bucketKey(bucketName))
  if (entry?.value) return bucketCodec.decode(entry.value)
  throw new ConfigurationError(
    `--bucket: there is no bucket ${bucketName} in the state of ${new Date(state.at).toISOString()}`,
  )
}

async function readQuota(context: ServiceContext, { accountId, name }: BucketRecord) {
  try {
    const quota = await readNameAndQuota(context, accountId, name)
    if (quota.holder) throw new ConfigurationError(`--bucket: somebody made a bucket ${name} meanwhile`)
    return quota
  } catch (error) {
    if (isDomainError(error, 'AccountGone'))
      throw new ConfigurationError(
        `--bucket: the store has no account ${accountId}, which the bucket belongs to`,
      )
    throw error
  }
}

/** Restores what lies in the bucket; gives its access keys as they were. */
async function restoreRows(
  { target, state, onProgress }: BucketRestoreOptions,
  bucketId: string,
  rows: BucketRows,
): Promise<BucketCredential[]> {
  const keys: BucketCredential[] = []
  const ranges = [nullVersionsRange(bucketId), objectsRange(bucketId), versionsRange(bucketId)]
  const isIn = ({ key }: MergedKey, { start, end }: { start: Buffer; end: Buffer }): boolean =>
    key.compare(start) >= 0 && key.compare(end) < 0
  let seen = 0
  for await (const entry of mergeRuns(target.store, state.runs, { withValues: true })) {
    onProgress?.('records', ++seen, state.records, rows.report.blobBytes)
    if (entry.value === null) continue
    if (isIn(entry, credentialsRange())) {
      const credential = credentialCodec.decode(entry.value)
      if (credential.type === 'bucket-key' && credential.bucketId === bucketId) keys.push(credential)
    } else if (ranges.some((range) => isIn(entry, range))) await rows.add(entry.key, entry.value)
  }
  await rows.flush()
  return keys
}

async function freeKeys({ metadata }: ServiceContext, keys: readonly BucketCredential[]) {
  const there = await metadata.getMany(keys.map(({ accessKeyId }) => credentialKey(accessKeyId)))
  return {
    returning: keys.filter((_, index) => there[index] === null),
    taken: keys.filter((_, index) => there[index] !== null).map(({ accessKeyId }) => accessKeyId),
  }
}

const keySets = (credential: BucketCredential) => [
  { key: credentialKey(credential.accessKeyId), value: credentialCodec.encode(credential) },
  {
    key: accessKeySlotKey(credential.bucketId, credential.slot),
    value: Buffer.from(credential.accessKeyId),
  },
]
