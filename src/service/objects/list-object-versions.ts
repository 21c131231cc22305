import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { currentVersionKey } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { decodeObject } from '../records/object-codec.ts'
import type { ObjectRecord } from '../records/object.ts'
import { findNamedVersion } from '../versions/find-version.ts'
import { checkEscapedDelimiter, checkPageSize } from '../listing/list-page.ts'
import { readNewestVersions } from '../versions/object-state.ts'
import { NULL_VERSION_ID } from '../records/version-id-form.ts'
import { ORDER_MAX, orderOfVersionId } from '../versions/version-id.ts'
import { readVersionRows } from '../versions/version-rows.ts'
import type { VersionPosition } from '../versions/version-rows.ts'

interface ListObjectVersionsInput {
  readonly prefix?: string
  readonly delimiter?: string
  /** Only what sorts after this key; with `versionIdMarker`, also that key's versions older than that one. */
  readonly keyMarker?: string
  readonly versionIdMarker?: string
  /** Only what sorts before this key. */
  readonly before?: string
  /** Versions, delete markers and common prefixes together, 0 to `PAGE_MAX`; more is taken as that. */
  readonly maxKeys: number
}

/** A version or delete marker in a listing. */
export interface ListedVersion {
  readonly objectKey: string
  /** `record.isDeleteMarker` tells delete markers from versions. */
  readonly record: ObjectRecord
  readonly isLatest: boolean
}

interface ListObjectVersionsPage {
  readonly versions: readonly ListedVersion[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** Present when truncated: where the next page goes on. */
  readonly nextKeyMarker?: string
  /** Absent when the page ended with a common prefix. */
  readonly nextVersionIdMarker?: string
}

/**
 * One page of all versions and delete markers of a bucket: keys in byte order, the versions of a key newest first. Throws
 * `InvalidVersionMarker`, `InvalidPageSize` and `UnsupportedDelimiter`.
 */
export async function listObjectVersions(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  input: ListObjectVersionsInput,
): Promise<ListObjectVersionsPage> {
  const bucket = admission.bucket.record
  const maxKeys = checkPageSize(input.maxKeys, 'maxKeys')
  checkEscapedDelimiter(input.delimiter)
  const position = await readPosition(context, bucket, input)
  if (maxKeys === 0) return { versions: [], commonPrefixes: [], isTruncated: false }

  const rows = await readVersionRows(context, bucket, { ...input, position, limit: maxKeys + 1 })
  const page = rows.slice(0, maxKeys)
  const versions: ListedVersion[] = []
  const commonPrefixes: string[] = []
  let previousKey: string | undefined = position.newestOrder === undefined ? undefined : position.keyMarker
  for (const { objectKey, record, isCurrent } of page) {
    if (!record) {
      commonPrefixes.push(objectKey)
      continue
    }
    const isLatest =
      isCurrent ||
      objectKey !== previousKey ||
      (objectKey === position.keyMarker && record.order === position.newestOrder)
    versions.push({ objectKey, record, isLatest })
    previousKey = objectKey
  }
  const last = page.at(-1)
  const isTruncated = rows.length > maxKeys
  return {
    versions,
    commonPrefixes,
    isTruncated,
    ...(isTruncated && last && { nextKeyMarker: last.objectKey }),
    ...(isTruncated && last?.record && { nextVersionIdMarker: last.record.versionId }),
  }
}

async function readPosition(
  context: ServiceContext,
  bucket: BucketRecord,
  { keyMarker, versionIdMarker }: ListObjectVersionsInput,
): Promise<VersionPosition> {
  if (versionIdMarker === undefined || versionIdMarker === '')
    return keyMarker === undefined || keyMarker === '' ? {} : { keyMarker }
  if (keyMarker === undefined || keyMarker === '')
    throw new DomainError('InvalidVersionMarker', { versionIdMarker, problem: 'no-key-marker' })
  const belowOrder =
    versionIdMarker === NULL_VERSION_ID
      ? // Once it is gone nothing tells where it stood: better a version listed twice than one passed by.
        ((await findNamedVersion(context, bucket, keyMarker, versionIdMarker))?.stored.record.order ??
        ORDER_MAX)
      : orderOfVersionId(versionIdMarker)
  if (belowOrder === undefined) {
    throw new DomainError('InvalidVersionMarker', { versionIdMarker, problem: 'no-version-id' })
  }
  const [current] = await context.metadata.getMany([currentVersionKey(bucket.bucketId, keyMarker)])
  const [newest] = await readNewestVersions(context, bucket.bucketId, keyMarker, 1)
  const newestOrder = current ? decodeObject(current.value).record.order : newest?.record.order
  return { keyMarker, belowOrder, newestOrder: newestOrder ?? belowOrder }
}
