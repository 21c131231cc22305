import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { Readable } from 'node:stream'
import type { ByteRange } from '../../storage/blob-store.ts'
import type { ObjectPart, ObjectRecord } from '../records/object.ts'
import type { CustomerKey } from './object-attributes.ts'

/** Which version a read is about. */
export interface ObjectAddress {
  readonly key: string
  /** Absent: the current version. */
  readonly versionId?: string
}

export interface OpenObjectInput extends ObjectAddress {
  /** Reads this part only (`partNumber` of GetObject and HeadObject), 1–10,000. */
  readonly partNumber?: number
  /** The key of an object encrypted with a customer's key. */
  readonly customerKey?: CustomerKey
}

/** A version that was found, and how to read its bytes. */
export interface OpenObject {
  readonly record: ObjectRecord
  /** To be shown: absent when the bucket never had versioning. */
  readonly versionId?: string
  /** Whether it is the newest version. */
  readonly isCurrent: boolean
  /**
   * The part asked for with `partNumber`, and the bytes of the object that it covers (null when it has none). An object that was not made by a
   * multipart upload is its own part 1; `partsCount` is absent then.
   */
  readonly part?: {
    readonly partNumber: number
    readonly partsCount?: number
    readonly range: ByteRange | null
    /** Checksum of this part, of the object's algorithm. */
    readonly checksum?: string
  }
  /**
   * The bytes in `range` (default: all, or the part's), which must lie inside the object; an empty object has an empty body. Small bodies
   * come as a buffer, others as a stream that opens one blob after the other as it is read; the caller consumes or destroys it.
   */
  read(range?: ByteRange): Promise<Buffer | Readable>
}

/**
 * Finds a version and its metadata, to be read afterwards or not: GetObject and HeadObject. What it returns holds nothing open until
 * `read` is called. Errors (S3): `NoSuchKey`; `NoSuchVersion`; `InvalidArgument` (version id not one of ours); for a delete
 * marker `NoSuchKey`, or `MethodNotAllowed` when asked for by version id, both with details
 * `{ deleteMarker: true, versionId, lastModified }`; `InvalidPart` (no such part); `InvalidRequest` (customer's key missing or
 * not wanted); `AccessDenied` (another customer's key).
 */
export async function openObject(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _input: OpenObjectInput,
): Promise<OpenObject> {
  throw new ServiceError('NotImplemented')
}

/** The parts of an object that a multipart upload made, in ascending order of number; empty for any other. Errors as {@link openObject}. */
export async function getObjectParts(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _address: OpenObjectInput,
): Promise<{
  readonly record: ObjectRecord
  readonly versionId?: string
  readonly parts: readonly ObjectPart[]
}> {
  throw new ServiceError('NotImplemented')
}
