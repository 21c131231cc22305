import { DamagedRecord, type Entry, type Version } from '../../storage/metadata-store.ts'
import { StaleRead } from '../commit/attempt.ts'
import type { ServiceContext } from '../context.ts'
import { nullVersionKey, currentVersionKey, versionKey, versionsOfObjectRange } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { decodeObject } from '../records/object-codec.ts'
import type { ObjectRecord } from '../records/object.ts'
import { NULL_VERSION_ID } from '../records/version-id-form.ts'

/** A version as it was read. */
export interface StoredVersion {
  /** Its key in the metadata store: a `C` row or a `V` row (see keyspace.ts). */
  readonly storeKey: Buffer
  readonly version: Version
  /** The whole stored value, for moving the version to another row. */
  readonly value: Buffer
  readonly record: ObjectRecord
  readonly tail: Buffer
  /** The stored record is damaged: `record` says nothing of what it said. It can be removed, and nothing else. */
  readonly isLost?: true
}

/** What is on top of an object's versions, as far as a change of them needs to know. */
export interface ObjectState {
  readonly objectKey: string
  /** The key of the `C` row, whether there is one or not. */
  readonly currentKey: Buffer
  /** The current, visible version. */
  readonly current: StoredVersion | null
  /** The newest `V` row, a delete marker, when there is no current version and the bucket has or had versioning. */
  readonly newestMarker: StoredVersion | null
  /** The null version when it is among the `V` rows; read only for a bucket whose versioning is suspended. */
  readonly olderNullVersion: StoredVersion | null
  /** The version of the `0` row, null when there is none; undefined where it was not read: outside buckets whose versioning is suspended. */
  readonly nullPointerVersion: Version | null | undefined
}

/**
 * Reads what is on top of an object's versions, to be changed; a damaged current version comes as one that is lost, so that it can be overwritten and
 * deleted. Throws {@link StaleRead}; DamagedRecord in a bucket with object lock: what cannot be read may be locked.
 */
export async function readObjectState(
  context: ServiceContext,
  bucket: BucketRecord,
  objectKey: string,
): Promise<ObjectState> {
  const { bucketId, versioning } = bucket
  const currentKey = currentVersionKey(bucketId, objectKey)
  const readsNullVersion = versioning === 'Suspended'
  const [current, nullEntry] = await readTop(context, bucket, currentKey, readsNullVersion ? objectKey : null)
  let newestMarker: StoredVersion | null = null
  if (!current && versioning !== 'NeverEnabled') {
    const [newest] = await readNewestVersions(context, bucketId, objectKey, 1)
    newestMarker = newest ?? null
    if (newestMarker && newestMarker.record.isDeleteMarker !== true) throw new StaleRead()
  }
  const olderNullVersion = nullEntry
    ? await readOlderNullVersion(context, bucketId, objectKey, nullEntry)
    : null
  const nullPointerVersion = readsNullVersion ? (nullEntry?.version ?? null) : undefined
  return { objectKey, currentKey, current, newestMarker, olderNullVersion, nullPointerVersion }
}

/** The current version, and the row that points to the null version of `nullKey`, if that is asked for. */
async function readTop(
  { metadata }: ServiceContext,
  bucket: BucketRecord,
  currentKey: Buffer,
  nullKey: string | null,
): Promise<[StoredVersion | null, Entry | null]> {
  const keys = nullKey === null ? [] : [nullVersionKey(bucket.bucketId, nullKey)]
  try {
    const [current = null, pointer = null] = await metadata.getMany([currentKey, ...keys])
    return [current && storedVersion(current), pointer]
  } catch (error) {
    if (!(error instanceof DamagedRecord) || !error.key.equals(currentKey) || bucket.objectLock) throw error
    const [pointer = null] = await metadata.getMany(keys)
    return [lostVersion(error), pointer]
  }
}

/** What stands for a version whose record is damaged. */
export const lostVersion = ({ key, version }: DamagedRecord): StoredVersion => ({
  storeKey: key,
  version,
  value: Buffer.alloc(0),
  record: {
    versionId: NULL_VERSION_ID,
    order: '0'.repeat(16),
    lastModified: 0,
    ownerAccountId: '',
    sizeBytes: 0,
    etag: '',
    body: 'inline',
    headers: {},
    userMetadata: {},
  },
  tail: Buffer.alloc(0),
  isLost: true,
})

/** The current, visible version's record, if there is one. */
export async function readCurrent(
  context: ServiceContext,
  bucket: BucketRecord,
  objectKey: string,
): Promise<ObjectRecord | null> {
  const [entry] = await context.metadata.getMany([currentVersionKey(bucket.bucketId, objectKey)])
  return entry ? decodeObject(entry.value).record : null
}

/** The newest `V` rows of an object, newest first. */
export async function readNewestVersions(
  context: ServiceContext,
  bucketId: string,
  objectKey: string,
  limit: number,
): Promise<StoredVersion[]> {
  const entries = await context.metadata.scan({ ...versionsOfObjectRange(bucketId, objectKey), limit })
  return entries.map(storedVersion)
}

/** The `V` row that a `0` row points to. Throws {@link StaleRead} when it is not there (any more). */
export async function readOlderNullVersion(
  context: ServiceContext,
  bucketId: string,
  objectKey: string,
  pointer: Entry,
): Promise<StoredVersion> {
  const order = pointer.value.toString('latin1')
  const [entry] = await context.metadata.getMany([versionKey(bucketId, objectKey, order)])
  if (!entry) throw new StaleRead()
  return storedVersion(entry)
}

/** The value of a `0` row that points to the null version of this order. */
export const nullVersionPointer = (order: string): Buffer => Buffer.from(order, 'latin1')

/** A `C` or `V` row as a version. Throws RangeError when it is no object record. */
export function storedVersion(entry: Entry): StoredVersion {
  const { record, tail } = decodeObject(entry.value)
  return { storeKey: entry.key, version: entry.version, value: entry.value, record, tail }
}
