import type { OutputOf } from '../../model/operation.ts'
import type { headObject } from '../../model/s3/object/get-object.ts'
import type { OpenObject } from '../../service/versions/open-object.ts'
import type { ByteRange } from '../../storage/blob-store.ts'
import { quoteEtag } from '../request/etags.ts'
import { checksumOutput } from './checksum-output.ts'
import { encryptionOutput } from './encryption-output.ts'

interface ObjectOutputOptions {
  /** The bytes that are answered; null: all. */
  readonly range: ByteRange | null
  readonly withChecksum: boolean
}

type ObjectOutput = OutputOf<typeof headObject>

/** What a read of an object says in headers, by its stored record. */
export function objectOutput(opened: OpenObject, { range, withChecksum }: ObjectOutputOptions): ObjectOutput {
  const { record, versionId, part } = opened
  const { headers, sizeBytes } = record
  const isPartial = range !== null
  const output: ObjectOutput = {
    StatusCode: isPartial ? 206 : 200,
    AcceptRanges: 'bytes',
    LastModified: record.lastModified,
    ETag: quoteEtag(record.etag),
    ContentLength: bodyBytes(opened, range),
    ContentRange: range ? `bytes ${range.start}-${range.end}/${sizeBytes}` : undefined,
    ContentType: headers['content-type'],
    CacheControl: headers['cache-control'],
    ContentDisposition: headers['content-disposition'],
    ContentEncoding: headers['content-encoding'],
    ContentLanguage: headers['content-language'],
    Expires: headers.expires,
    Metadata: record.userMetadata,
    VersionId: versionId,
    PartsCount: part?.partsCount,
    WebsiteRedirectLocation: record.websiteRedirectLocation,
    TagCount: record.tags && record.tags.length > 0 ? record.tags.length : undefined,
    ObjectLockMode: record.retention?.mode,
    ObjectLockRetainUntilDate: record.retention?.retainUntil,
    ObjectLockLegalHoldStatus: record.legalHold === undefined ? undefined : record.legalHold ? 'ON' : 'OFF',
  }
  // Most reads have neither: they are not made to copy all that is above.
  if (withChecksum) Object.assign(output, checksumOfResponse(opened, range))
  if (record.encryption) Object.assign(output, encryptionOutput(record.encryption))
  return output
}

/** A part may have no bytes, and then no range either. */
function bodyBytes({ record, part }: OpenObject, range: ByteRange | null): number {
  if (range) return range.end - range.start + 1
  return part ? 0 : record.sizeBytes
}

/** The stored checksum is that of the whole object, or of a part; no range of less has one. */
function checksumOfResponse({ record, part }: OpenObject, range: ByteRange | null): Partial<ObjectOutput> {
  const { checksum } = record
  if (!checksum) return {}
  if (part?.checksum !== undefined)
    return {
      ...checksumOutput({ algorithm: checksum.algorithm, value: part.checksum }),
      ChecksumType: checksum.type,
    }
  // A part is not the whole, be it the only one or without bytes and so without a range; an object that never had parts is.
  const isPart = part?.partsCount !== undefined
  const isLess = range !== null && range.end - range.start + 1 < record.sizeBytes
  return isPart || isLess ? {} : { ...checksumOutput(checksum), ChecksumType: checksum.type }
}
