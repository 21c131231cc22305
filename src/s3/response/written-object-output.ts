import type { OutputOf } from '../../model/operation.ts'
import type { putObject } from '../../model/s3/object/put-object.ts'
import type { WrittenVersion } from '../../service/versions/written-version.ts'
import { quoteEtag } from '../request/etags.ts'
import type { S3Call } from '../call.ts'
import { checksumOutput } from './checksum-output.ts'
import { encryptionOutput } from './encryption-output.ts'
import { expirationHeader } from './expiration-header.ts'

/** What is told of an object that was just stored, by a request or by a form: its ETag, version, checksum, and how it is encrypted. */
export function writtenObjectOutput(
  call: S3Call,
  { record, versionId }: WrittenVersion,
): OutputOf<typeof putObject> {
  return {
    ETag: quoteEtag(record.etag),
    VersionId: versionId,
    Expiration: expirationHeader(call, record),
    ...checksumOutput(record.checksum),
    ...(record.checksum && { ChecksumType: record.checksum.type }),
    ...encryptionOutput(record.encryption),
  }
}
