import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { UploadRecord } from '../records/upload.ts'

export interface ListUploadsInput {
  readonly prefix?: string
  readonly delimiter?: string
  /** Only uploads of keys after this one; with `uploadIdMarker`, also those of that key with a greater id. */
  readonly keyMarker?: string
  readonly uploadIdMarker?: string
  /** 0–1000 uploads and common prefixes together; more is taken as 1000. */
  readonly maxUploads: number
}

export interface ListUploadsPage {
  readonly uploads: readonly UploadRecord[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  readonly nextKeyMarker?: string
  /** Absent when the page ended with a common prefix. */
  readonly nextUploadIdMarker?: string
}

/** One page of a bucket's uploads in progress, by key and then by upload id (which tells the order of their beginnings). Errors (S3): `InvalidArgument`. */
export async function listUploads(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _input: ListUploadsInput,
): Promise<ListUploadsPage> {
  throw new ServiceError('NotImplemented')
}
