import type { Entry, Version } from '../../storage/metadata-store.ts'
import { StaleRead } from '../commit/attempt.ts'
import type { ServiceContext } from '../context.ts'
import { nullVersionKey, objectKey, versionKey, versionsOfObjectRange } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { decodeObject } from '../records/object.ts'
import type { ObjectRecord } from '../records/object.ts'

/** A version as it was read. */
export interface StoredVersion {
  /** Its key in the metadata store: a `C` row or a `V` row (see keyspace.ts). */
  readonly storeKey: Buffer
  readonly version: Version
  /** The whole stored value, for moving the version to another row. */
  readonly value: Buffer
  readonly record: ObjectRecord
  readonly tail: Buffer
}

/** What is on top of an object's versions, as far as a change of them needs to know. */
export interface ObjectState {
  readonly key: string
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

/** Reads what is on top of an object's versions. Throws {@link StaleRead}. */
export async function readObjectState(
  context: ServiceContext,
  bucket: BucketRecord,
  key: string,
): Promise<ObjectState> {
  const { metadata } = context
  const { bucketId, versioning } = bucket
  const currentKey = objectKey(bucketId, key)
  const readsNullVersion = versioning === 'Suspended'
  const [currentEntry = null, nullEntry = null] = await metadata.getMany(
    readsNullVersion ? [currentKey, nullVersionKey(bucketId, key)] : [currentKey],
  )
  const current = currentEntry && storedVersion(currentEntry)
  let newestMarker: StoredVersion | null = null
  if (!current && versioning !== 'NeverEnabled') {
    const [newest] = await readNewestVersions(context, bucketId, key, 1)
    newestMarker = newest ?? null
    if (newestMarker && newestMarker.record.isDeleteMarker !== true) throw new StaleRead()
  }
  const olderNullVersion = nullEntry ? await readOlderNullVersion(context, bucketId, key, nullEntry) : null
  const nullPointerVersion = readsNullVersion ? (nullEntry?.version ?? null) : undefined
  return { key, currentKey, current, newestMarker, olderNullVersion, nullPointerVersion }
}

/** The current, visible version's record, if there is one. */
export async function readCurrent(
  context: ServiceContext,
  bucket: BucketRecord,
  key: string,
): Promise<ObjectRecord | null> {
  const [entry] = await context.metadata.getMany([objectKey(bucket.bucketId, key)])
  return entry ? decodeObject(entry.value).record : null
}

/** The newest `V` rows of an object, newest first. */
export async function readNewestVersions(
  context: ServiceContext,
  bucketId: string,
  key: string,
  limit: number,
): Promise<StoredVersion[]> {
  const entries = await context.metadata.scan({ ...versionsOfObjectRange(bucketId, key), limit })
  return entries.map(storedVersion)
}

/** The `V` row that a `0` row points to. Throws {@link StaleRead} when it is not there (any more). */
export async function readOlderNullVersion(
  context: ServiceContext,
  bucketId: string,
  key: string,
  pointer: Entry,
): Promise<StoredVersion> {
  const order = pointer.value.toString('latin1')
  const [entry] = await context.metadata.getMany([versionKey(bucketId, key, order)])
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
