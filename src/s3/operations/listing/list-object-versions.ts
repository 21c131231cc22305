import { pageEntries } from '../../../model/s3/shapes/listing.ts'
import * as model from '../../../model/s3/listing/list-object-versions.ts'
import { type ListedVersion, listObjectVersions } from '../../../service/objects/list-object-versions.ts'
import { canonicalUsersOf } from '../../accounts.ts'
import { keyEncoder } from '../../response/encode-keys.ts'
import { handler } from '../../operation-handler.ts'
import { quoteEtag } from '../../request/etags.ts'
import { listedKeys } from '../../request/listed-keys.ts'

/** Lists all versions and delete markers, by pages. */
export const listObjectVersionsHandler = handler(model.listObjectVersions, async (input, call) => {
  const maxKeys = pageEntries(input.MaxKeys)
  const encode = keyEncoder(input.EncodingType)
  const page = await listObjectVersions(call.context, call.admission, {
    maxKeys,
    ...listedKeys(input),
    ...(input.KeyMarker !== undefined && { keyMarker: input.KeyMarker }),
    ...(input.VersionIdMarker !== undefined && { versionIdMarker: input.VersionIdMarker }),
  })
  const owners = await canonicalUsersOf(
    call.context,
    page.versions.map(({ record }) => record.ownerAccountId),
  )
  // Each as one literal: an object made of another one's members and more takes several times as long, and a page has a thousand.
  const entry = ({ objectKey, record, isLatest }: ListedVersion) => {
    if (record.isDeleteMarker)
      return {
        DeleteMarker: {
          Key: encode(objectKey),
          VersionId: record.versionId,
          IsLatest: isLatest,
          LastModified: record.lastModified,
          Owner: owners.get(record.ownerAccountId),
        },
      }
    return {
      Version: {
        Key: encode(objectKey),
        VersionId: record.versionId,
        IsLatest: isLatest,
        LastModified: record.lastModified,
        ETag: quoteEtag(record.etag),
        ChecksumAlgorithm: record.checksum ? [record.checksum.algorithm] : undefined,
        ChecksumType: record.checksum?.type,
        Size: record.sizeBytes,
        Owner: owners.get(record.ownerAccountId),
        StorageClass: record.storageClass ?? 'STANDARD',
      },
    }
  }
  return {
    Name: call.bucket.name,
    Prefix: encode(input.Prefix ?? ''),
    KeyMarker: encode(input.KeyMarker ?? ''),
    VersionIdMarker: input.VersionIdMarker ?? '',
    NextKeyMarker: page.nextKeyMarker === undefined ? undefined : encode(page.nextKeyMarker),
    NextVersionIdMarker: page.nextVersionIdMarker,
    MaxKeys: maxKeys,
    Delimiter: input.Delimiter ? encode(input.Delimiter) : undefined,
    EncodingType: input.EncodingType,
    IsTruncated: page.isTruncated,
    Entries: page.versions.map(entry),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  }
})
