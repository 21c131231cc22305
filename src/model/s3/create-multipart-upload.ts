import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader } from './bindings.ts'
import { newObjectRights, writeConditionRights } from './new-object-rights.ts'
import { right } from './right.ts'
import { ChecksumAlgorithm, ChecksumType } from './shapes/checksum.ts'
import { customerKeyAnswerHeaders, serverSideEncryptionHeader } from './shapes/encryption.ts'
import { newObjectHeaders } from './shapes/new-object.ts'
import { writeConditionHeaders } from './shapes/object-headers.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

/** Begins an upload in parts. */
export const createMultipartUpload = operation('CreateMultipartUpload', {
  http: { method: 'POST', target: 'object', changes: 'object', query: 'uploads' },
  rights: [right('s3:PutObject', 'object'), ...newObjectRights, ...writeConditionRights],
  input: structure({
    ...objectInAddress,
    ...newObjectHeaders,
    ...writeConditionHeaders,
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
