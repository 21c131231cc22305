import { inHeader } from '../bindings.ts'
import { ObjectCannedAcl, objectGrantHeaders } from './acl.ts'
import { customerKeyHeaders, serverSideEncryptionHeader } from './encryption.ts'
import { metadataHeaders } from './object-headers.ts'
import { objectLockHeaders } from './object-lock.ts'
import { StringValue } from './primitives.ts'

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
