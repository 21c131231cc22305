import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inHeader, payload, requiredInHeader } from '../bindings.ts'
import { copySourceErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders, checksumElements, checksumHeaders } from '../shapes/checksum.ts'
import {
  customerKeyResponseHeaders,
  customerKeyHeaders,
  serverSideEncryptionHeader,
} from '../shapes/encryption.ts'
import { copySourceConditionHeaders, copySourceCustomerKeyHeaders } from '../shapes/object-headers.ts'
import { Bytes, IsoSecond, StringValue } from '../shapes/primitives.ts'
import { partInAddress } from '../shapes/upload.ts'

/** Stores one part of an upload. */
export const uploadPart = operation('UploadPart', {
  http: { method: 'PUT', target: 'object', changes: 'part', query: 'uploadId' },
  rights: [right('s3:PutObject', 'object')],
  input: structure({
    ...partInAddress,
    ...bodyIntegrityHeaders,
    ...serverSideEncryptionHeader,
    ...customerKeyHeaders,
    Body: payload(Bytes),
  }),
  output: structure({
    ETag: inHeader('etag', StringValue),
    ...checksumHeaders,
    ...serverSideEncryptionHeader,
    ...customerKeyResponseHeaders,
  }),
  errors: ['EntityTooLarge', 'InvalidEncryptionAlgorithmError', 'NoSuchUpload'],
})

/** Takes a part of an upload from an object, or a range of one. */
export const uploadPartCopy = operation('UploadPartCopy', {
  http: { method: 'PUT', target: 'object', changes: 'part', query: 'uploadId', header: 'x-amz-copy-source' },
  rights: [right('s3:PutObject', 'object'), right('s3:GetObject', 'source', 's3:GetObjectVersion')],
  input: structure({
    ...partInAddress,
    CopySource: requiredInHeader('x-amz-copy-source', StringValue),
    CopySourceRange: inHeader('x-amz-copy-source-range', StringValue),
    ...copySourceConditionHeaders,
    ExpectedSourceBucketOwner: inHeader('x-amz-source-expected-bucket-owner', StringValue),
    ...copySourceCustomerKeyHeaders,
    ...serverSideEncryptionHeader,
    ...customerKeyHeaders,
  }),
  output: structure({
    CopySourceVersionId: inHeader('x-amz-copy-source-version-id', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyResponseHeaders,
    CopyPartResult: payload(
      structure({ ETag: StringValue, LastModified: IsoSecond, ...checksumElements }),
      'CopyPartResult',
    ),
  }),
  errors: ['EntityTooLarge', 'InvalidRange', 'NoSuchUpload', ...copySourceErrors],
})
