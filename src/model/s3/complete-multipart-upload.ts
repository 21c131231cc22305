import { operation } from '../operation.ts'
import { list, required, structure } from '../shape.ts'
import { inHeader, requiredPayload, requiredRepeated } from './bindings.ts'
import { right, rightWhen, type KnownState, type RightCondition } from './right.ts'
import { writeConditionRights } from './new-object-rights.ts'
import { checksumElements, checksumHeaders, ChecksumType } from './shapes/checksum.ts'
import { customerKeyHeaders, serverSideEncryptionHeader } from './shapes/encryption.ts'
import { writeConditionHeaders } from './shapes/object-headers.ts'
import { IntegerValue, LongValue, StringValue } from './shapes/primitives.ts'
import { uploadInAddress } from './shapes/upload.ts'

const CompletedPart = structure({
  PartNumber: required(IntegerValue),
  ETag: required(StringValue),
  ...checksumElements,
})

/** The object gets what its upload was begun with when it is completed. */
const begunWith = (what: string, member: keyof NonNullable<KnownState['upload']>): RightCondition => ({
  says: `the upload was begun with ${what}`,
  holds: (_input, { upload }) => upload?.[member] === true,
})

/** Makes one object of the parts of an upload. */
export const completeMultipartUpload = operation('CompleteMultipartUpload', {
  // 10,000 parts, each with an ETag and checksums.
  http: {
    method: 'POST',
    target: 'object',
    changes: 'completion',
    query: 'uploadId',
    documentBytesMax: 8 * 1024 * 1024,
  },
  rights: [
    right('s3:PutObject', 'object'),
    rightWhen(begunWith('an ACL', 'givesAcl'), 's3:PutObjectAcl', { on: 'new-object' }),
    rightWhen(begunWith('tags', 'isTagged'), 's3:PutObjectTagging', { on: 'new-object' }),
    rightWhen(begunWith('retention', 'isRetained'), 's3:PutObjectRetention', { on: 'new-object' }),
    rightWhen(begunWith('a legal hold', 'isHeld'), 's3:PutObjectLegalHold', { on: 'new-object' }),
    ...writeConditionRights,
  ],
  input: structure({
    ...uploadInAddress,
    ...writeConditionHeaders,
    ...checksumHeaders,
    ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
    MpuObjectSize: inHeader('x-amz-mp-object-size', LongValue),
    ...serverSideEncryptionHeader,
    ...customerKeyHeaders,
    MultipartUpload: requiredPayload(
      structure({
        Parts: requiredRepeated('Part', list(CompletedPart, { isFlattened: true, lengthMax: 10_000 })),
      }),
      'CompleteMultipartUpload',
    ),
  }),
  output: structure(
    {
      Location: StringValue,
      Bucket: StringValue,
      Key: StringValue,
      ETag: StringValue,
      ...checksumElements,
      ChecksumType,
      VersionId: inHeader('x-amz-version-id', StringValue),
      Expiration: inHeader('x-amz-expiration', StringValue),
      ...serverSideEncryptionHeader,
    },
    { name: 'CompleteMultipartUploadResult' },
  ),
  errors: ['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall'],
})
