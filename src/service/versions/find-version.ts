import { StaleRead } from '../commit/attempt.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { nullVersionKey, currentVersionKey, versionKey } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import { readNewestVersions, readOlderNullVersion, storedVersion } from './object-state.ts'
import type { StoredVersion } from './object-state.ts'
import { NULL_VERSION_ID } from '../records/version-id-form.ts'
import { orderOfVersionId } from './version-id.ts'

/** How a read names a version: its object's key, and its id unless the current one is meant. */
export interface ObjectAddress {
  readonly objectKey: string
  /** Absent: the current version. */
  readonly versionId?: string
}

/** An address with who hears of the version before it is told. */
export interface PermittedAddress extends ObjectAddress {
  /** Absent: anything may be told. */
  readonly permit?: PermitVersion
  /** A delete marker on top is what is meant, as if its id were given: so S3 takes changes of a version, and questions for its tags. */
  readonly meansMarker?: true
}

interface FoundVersion {
  readonly stored: StoredVersion
  /** Whether it is the newest one. */
  readonly isCurrent: boolean
  /** The current, visible version, as it was when this one was read. */
  readonly current: StoredVersion | null
}

/**
 * Hears what was found before anything is told of it, the customer's key of an encrypted object not needed yet; null: there is no such version. May
 * throw to refuse.
 */
export type PermitVersion = (record: ObjectRecord | null) => void | Promise<void>

const READS_MAX = 10

/**
 * Finds a version that is no delete marker. Throws `NoSuchKey`, `NoSuchVersion`, `InvalidVersionId` (none of ours),
 * `VersionIsDeleteMarker`.
 */
export async function findVersion(
  context: ServiceContext,
  bucket: BucketRecord,
  address: ObjectAddress & Pick<PermittedAddress, 'meansMarker'>,
): Promise<FoundVersion> {
  if (address.versionId === undefined) return await findCurrent(context, bucket, address)
  const { objectKey, versionId } = address
  const found = await findNamedVersion(context, bucket, objectKey, versionId)
  if (!found) throw new DomainError('NoSuchVersion', { objectKey, versionId })
  if (found.stored.record.isDeleteMarker) throw isDeleteMarker(objectKey, found.stored, true)
  return found
}

/** As {@link findVersion}, when `permit` lets the version, or its absence, be told. */
export async function findPermitted(
  context: ServiceContext,
  bucket: BucketRecord,
  address: PermittedAddress,
): Promise<FoundVersion> {
  const { permit } = address
  let found: FoundVersion
  try {
    found = await findVersion(context, bucket, address)
  } catch (error) {
    if (isMissingVersion(error)) await permit?.(null)
    throw error
  }
  await permit?.(found.stored.record)
  return found
}

/** Whether {@link findVersion} threw because there is nothing to read. */
export function isMissingVersion(error: unknown): boolean {
  return isDomainError(error, 'NoSuchKey', 'NoSuchVersion', 'VersionIsDeleteMarker')
}

async function findCurrent(
  context: ServiceContext,
  bucket: BucketRecord,
  { objectKey, meansMarker }: Parameters<typeof findVersion>[2],
): Promise<FoundVersion> {
  for (let read = 1; read <= READS_MAX; read++) {
    const [entry] = await context.metadata.getMany([currentVersionKey(bucket.bucketId, objectKey)])
    if (entry) {
      const stored = storedVersion(entry)
      return { stored, isCurrent: true, current: stored }
    }
    const [newest] =
      bucket.versioning === 'NeverEnabled'
        ? []
        : await readNewestVersions(context, bucket.bucketId, objectKey, 1)
    if (!newest) throw new DomainError('NoSuchKey', { objectKey })
    if (newest.record.isDeleteMarker) throw isDeleteMarker(objectKey, newest, meansMarker === true)
    // Between the two reads a delete marker was removed, or a version put on top and moved: read again.
  }
  throw new DomainError('RecordBusy')
}

/** The version or delete marker with this id; null when there is none. Throws `InvalidVersionId` when it is not an id of ours. */
export async function findNamedVersion(
  context: ServiceContext,
  bucket: BucketRecord,
  objectKey: string,
  versionId: string,
): Promise<FoundVersion | null> {
  for (let read = 1; read <= READS_MAX; read++) {
    try {
      return await (versionId === NULL_VERSION_ID
        ? findNullVersion(context, bucket, objectKey)
        : findOrderedVersion(context, bucket, objectKey, versionId))
    } catch (error) {
      if (!(error instanceof StaleRead)) throw error
    }
  }
  throw new DomainError('RecordBusy')
}

async function findNullVersion(
  context: ServiceContext,
  { bucketId }: BucketRecord,
  objectKey: string,
): Promise<FoundVersion | null> {
  const [currentEntry, pointer] = await context.metadata.getMany([
    currentVersionKey(bucketId, objectKey),
    nullVersionKey(bucketId, objectKey),
  ])
  const current = currentEntry ? storedVersion(currentEntry) : null
  if (current?.record.versionId === NULL_VERSION_ID) return { stored: current, isCurrent: true, current }
  if (!pointer) return null
  const stored = await readOlderNullVersion(context, bucketId, objectKey, pointer)
  return { stored, current, isCurrent: !current && (await isNewest(context, bucketId, objectKey, stored)) }
}

async function findOrderedVersion(
  context: ServiceContext,
  { bucketId }: BucketRecord,
  objectKey: string,
  versionId: string,
): Promise<FoundVersion | null> {
  const order = orderOfVersionId(versionId)
  if (order === undefined) throw new DomainError('InvalidVersionId', { versionId })
  const [currentEntry, older] = await context.metadata.getMany([
    currentVersionKey(bucketId, objectKey),
    versionKey(bucketId, objectKey, order),
  ])
  const current = currentEntry ? storedVersion(currentEntry) : null
  if (!older) {
    return current?.record.versionId === versionId ? { stored: current, isCurrent: true, current } : null
  }
  const stored = storedVersion(older)
  if (stored.record.versionId !== versionId) return null
  return { stored, current, isCurrent: !current && (await isNewest(context, bucketId, objectKey, stored)) }
}

async function isNewest(
  context: ServiceContext,
  bucketId: string,
  objectKey: string,
  stored: StoredVersion,
): Promise<boolean> {
  // Without a current version the newest row is a delete marker, so any other version is not the newest.
  if (stored.record.isDeleteMarker !== true) return false
  const [newest] = await readNewestVersions(context, bucketId, objectKey, 1)
  return newest?.record.order === stored.record.order
}

const isDeleteMarker = (objectKey: string, { record }: StoredVersion, isNamed: boolean) =>
  new DomainError('VersionIsDeleteMarker', {
    objectKey,
    versionId: record.versionId,
    lastModified: record.lastModified,
    isNamed,
  })
