import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader } from './bindings.ts'
import { ObjectCannedAcl, objectGrantHeaders } from './shapes/acl.ts'
import { ChecksumAlgorithm, ChecksumType } from './shapes/checksum.ts'
import {
  customerKeyAnswerHeaders,
  customerKeyHeaders,
  serverSideEncryptionHeader,
} from './shapes/encryption.ts'
import { metadataHeaders } from './shapes/object-headers.ts'
import { objectLockHeaders } from './shapes/object-lock.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

export const createMultipartUpload = operation('CreateMultipartUpload', {
  http: { method: 'POST', target: 'object', query: 'uploads' },
  input: structure({
    ...objectInAddress,
    ...metadataHeaders,
    ACL: inHeader('x-amz-acl', ObjectCannedAcl),
    ...objectGrantHeaders,
    Tagging: inHeader('x-amz-tagging', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyHeaders,
    ...objectLockHeaders,
    ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', ChecksumAlgorithm),
    ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
  }),
  output: structure(
    {
      Bucket: StringValue,
      Key: StringValue,
      UploadId: StringValue,
      ...serverSideEncryptionHeader,
      ...customerKeyAnswerHeaders,
      ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', ChecksumAlgorithm),
      ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
    },
    { name: 'InitiateMultipartUploadResult' },
  ),
  errors: [],
})
