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
        objects.map(({ fields }) => fields.ownerAccountId),
      )
    : null
  return objects.map(({ objectKey, fields }) => ({
    Key: encode(objectKey),
    LastModified: fields.lastModified,
    ETag: quoteEtag(fields.etag),
    ChecksumAlgorithm: fields.checksum ? [fields.checksum.algorithm] : undefined,
    ChecksumType: fields.checksum?.type,
    Size: fields.sizeBytes,
    Owner: owners?.get(fields.ownerAccountId),
    StorageClass: fields.storageClass ?? 'STANDARD',
  }))
}
