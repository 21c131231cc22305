import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { ObjectRecord } from '../records/object.ts'

export interface ListObjectVersionsInput {
  readonly prefix?: string
  readonly delimiter?: string
  /** Only what sorts after this key; with `versionIdMarker`, also that key's versions older than that one. */
  readonly keyMarker?: string
  readonly versionIdMarker?: string
  /** 0–1000 versions, delete markers and common prefixes together; more is taken as 1000. */
  readonly maxKeys: number
}

export interface ListedVersion {
  readonly key: string
  /** `record.isDeleteMarker` tells delete markers from versions. */
  readonly record: ObjectRecord
  readonly isLatest: boolean
}

export interface ListObjectVersionsPage {
  readonly versions: readonly ListedVersion[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** Present when truncated: where the next page goes on. */
  readonly nextKeyMarker?: string
  /** Absent when the page ended with a common prefix. */
  readonly nextVersionIdMarker?: string
}

/**
 * One page of all versions and delete markers of a bucket: keys in byte order, the versions of a key newest first. Errors (S3):
 * `InvalidArgument` (version id marker without key marker, or not one of ours; max keys below 0).
 */
export async function listObjectVersions(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _input: ListObjectVersionsInput,
): Promise<ListObjectVersionsPage> {
  throw new ServiceError('NotImplemented')
}
