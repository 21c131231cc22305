import { inHeader } from '../bindings.ts'
import { ObjectCannedAcl, objectGrantHeaders } from './acl.ts'
import { customerKeyHeaders, serverSideEncryptionHeader } from './encryption.ts'
import { metadataHeaders } from './object-headers.ts'
import { objectLockHeaders } from './object-lock.ts'
import { StringValue } from './primitives.ts'

/** The most bytes that one request may bring, or copy: 5 GiB. */
export const BODY_BYTES_MAX = 5 * 1024 ** 3

/** The most bytes that an object may have, put together of parts: 5 TiB. */
export const OBJECT_BYTES_MAX = 5 * 1024 ** 4

/** What a request that makes an object says about it besides its bytes. */
export const newObjectHeaders = {
  ...metadataHeaders,
  ACL: inHeader('x-amz-acl', ObjectCannedAcl),
  ...objectGrantHeaders,
  Tagging: inHeader('x-amz-tagging', StringValue),
  ...serverSideEncryptionHeader,
  ...customerKeyHeaders,
  ...objectLockHeaders,
}
