import { optional } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { checksumHeaders, ChecksumType } from './checksum.ts'
import { customerKeyAnswerHeaders, serverSideEncryptionHeader } from './encryption.ts'
import { metadataHeaders } from './object-headers.ts'
import { objectLockHeaders } from './object-lock.ts'
import { BooleanValue, HttpDate, IntegerValue, LongValue, StringValue } from './primitives.ts'

/** What the answer to a read of an object says in headers. */
export const objectAnswerHeaders = {
  /** 200, 206 for a range or part, 304 for one that the client has already. */
  StatusCode: optional(IntegerValue, { location: { in: 'status' } }),
  DeleteMarker: inHeader('x-amz-delete-marker', BooleanValue),
  AcceptRanges: inHeader('accept-ranges', StringValue),
  LastModified: inHeader('last-modified', HttpDate),
  ContentLength: inHeader('content-length', LongValue),
  ContentRange: inHeader('content-range', StringValue),
  ETag: inHeader('etag', StringValue),
  ...checksumHeaders,
  ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
  VersionId: inHeader('x-amz-version-id', StringValue),
  Expiration: inHeader('x-amz-expiration', StringValue),
  MissingMeta: inHeader('x-amz-missing-meta', IntegerValue),
  ...metadataHeaders,
  ...serverSideEncryptionHeader,
  ...customerKeyAnswerHeaders,
  ...objectLockHeaders,
  PartsCount: inHeader('x-amz-mp-parts-count', IntegerValue),
  TagCount: inHeader('x-amz-tagging-count', IntegerValue),
}
