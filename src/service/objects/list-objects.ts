import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { ObjectRecord } from '../records/object.ts'

export interface ListObjectsInput {
  /** Absent or empty: all keys. */
  readonly prefix?: string
  /** Absent or empty: no grouping. */
  readonly delimiter?: string
  /** Only what sorts after this key; when it is a common prefix of the listing, what lies under it was listed already. */
  readonly startAfter?: string
  /** Goes on where an earlier page ended; goes before `startAfter`. */
  readonly continuationToken?: string
  /** 0–1000 objects and common prefixes together; more is taken as 1000. */
  readonly maxKeys: number
}

export interface ListedObject {
  readonly key: string
  readonly record: ObjectRecord
}

export interface ListObjectsPage {
  readonly objects: readonly ListedObject[]
  /** Each ends with the delimiter and starts with the prefix. */
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** The last key or common prefix listed, when truncated: what version 1 of the API calls NextMarker. */
  readonly nextMarker?: string
  /** Opaque; present when truncated. */
  readonly nextContinuationToken?: string
}

/** One page of a bucket's current objects, in byte order of their keys. Errors (S3): `InvalidArgument` (continuation token, max keys below 0). */
export async function listObjects(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _input: ListObjectsInput,
): Promise<ListObjectsPage> {
  throw new ServiceError('NotImplemented')
}
