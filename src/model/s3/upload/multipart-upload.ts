import { operation } from '../../operation.ts'
import { list, required, structure } from '../../shape.ts'
import { inHeader, requiredPayload, requiredRepeated } from '../bindings.ts'
import { newObjectRights, writeConditionRights } from '../new-object-rights.ts'
import { newObjectErrors, writeConditionErrors } from '../operation-errors.ts'
import { type KnownState, right, type RightCondition, rightWhen } from '../right.ts'
import { ChecksumAlgorithm, checksumElements, checksumHeaders, ChecksumType } from '../shapes/checksum.ts'
import {
  customerKeyResponseHeaders,
  customerKeyHeaders,
  serverSideEncryptionHeader,
} from '../shapes/encryption.ts'
import { newObjectHeaders } from '../shapes/new-object.ts'
import { writeConditionHeaders } from '../shapes/object-headers.ts'
import { IntegerValue, LongValue, objectInAddress, StringValue } from '../shapes/primitives.ts'
import { uploadInAddress, PART_NUMBER_MAX } from '../shapes/upload.ts'

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
      ...customerKeyResponseHeaders,
      ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', ChecksumAlgorithm),
      ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
    },
    { name: 'InitiateMultipartUploadResult' },
  ),
  errors: [...newObjectErrors, ...writeConditionErrors],
})

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
  // 10,000 parts, each with an ETag and a checksum or two: 300 bytes for each.
  http: {
    method: 'POST',
    target: 'object',
    changes: 'completion',
    query: 'uploadId',
    documentBytesMax: 3 * 1024 * 1024,
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
        Parts: requiredRepeated(
          'Part',
          list(CompletedPart, { isFlattened: true, lengthMax: PART_NUMBER_MAX }),
        ),
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
  errors: [
    'EntityTooLarge',
    'EntityTooSmall',
    'InvalidEncryptionAlgorithmError',
    'InvalidPart',
    'InvalidPartOrder',
    'NoSuchUpload',
    ...writeConditionErrors,
  ],
})

/** Ends an upload without an object and frees its parts. */
export const abortMultipartUpload = operation('AbortMultipartUpload', {
  http: { method: 'DELETE', target: 'object', changes: 'deletion', query: 'uploadId', status: 204 },
  rights: [right('s3:AbortMultipartUpload', 'object')],
  input: structure(uploadInAddress),
  output: structure({}),
  errors: ['NoSuchUpload'],
})
