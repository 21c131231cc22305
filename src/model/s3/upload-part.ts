import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, payload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders, checksumHeaders } from './shapes/checksum.ts'
import {
  customerKeyAnswerHeaders,
  customerKeyHeaders,
  serverSideEncryptionHeader,
} from './shapes/encryption.ts'
import { Bytes, StringValue } from './shapes/primitives.ts'
import { partInAddress } from './shapes/upload.ts'

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
    ...customerKeyAnswerHeaders,
  }),
  errors: ['NoSuchUpload'],
})
