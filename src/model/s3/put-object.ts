import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, payload } from './bindings.ts'
import { ObjectCannedAcl, objectGrantHeaders } from './shapes/acl.ts'
import { bodyIntegrityHeaders, checksumHeaders, ChecksumType } from './shapes/checksum.ts'
import {
  customerKeyAnswerHeaders,
  customerKeyHeaders,
  serverSideEncryptionHeader,
} from './shapes/encryption.ts'
import { metadataHeaders, writeConditionHeaders } from './shapes/object-headers.ts'
import { objectLockHeaders } from './shapes/object-lock.ts'
import { Bytes, objectInAddress, StringValue } from './shapes/primitives.ts'

export const putObject = operation('PutObject', {
  http: { method: 'PUT', target: 'object' },
  input: structure({
    ...objectInAddress,
    ...bodyIntegrityHeaders,
    ...metadataHeaders,
    ...writeConditionHeaders,
    ACL: inHeader('x-amz-acl', ObjectCannedAcl),
    ...objectGrantHeaders,
    Tagging: inHeader('x-amz-tagging', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyHeaders,
    ...objectLockHeaders,
    Body: payload(Bytes),
  }),
  output: structure({
    ETag: inHeader('etag', StringValue),
    ...checksumHeaders,
    ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
    VersionId: inHeader('x-amz-version-id', StringValue),
    Expiration: inHeader('x-amz-expiration', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyAnswerHeaders,
  }),
  errors: [],
})
