import type { ListedObject } from '../../service/objects/list-objects.ts'
import type { S3Call } from '../call.ts'
import { canonicalUsersOf } from '../accounts.ts'
import { quoteEtag } from '../request/etags.ts'

/** Entries of a listing as documents have them. */
export async function listedObjects(
  call: S3Call,
  objects: readonly ListedObject[],
  { encode, withOwner }: { readonly encode: (key: string) => string; readonly withOwner: boolean },
) {
  const owners = withOwner
    ? await canonicalUsersOf(
        call.context,
        objects.map(({ record }) => record.ownerAccountId),
      )
    : null
  return objects.map(({ objectKey, record }) => ({
    Key: encode(objectKey),
    LastModified: record.lastModified,
    ETag: quoteEtag(record.etag),
    ChecksumAlgorithm: record.checksum ? [record.checksum.algorithm] : undefined,
    ChecksumType: record.checksum?.type,
    Size: record.sizeBytes,
    Owner: owners?.get(record.ownerAccountId),
    StorageClass: record.storageClass ?? 'STANDARD',
  }))
}
