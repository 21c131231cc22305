import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { uploadInAddress } from './shapes/upload.ts'

/** Ends an upload without an object and frees its parts. */
export const abortMultipartUpload = operation('AbortMultipartUpload', {
  http: { method: 'DELETE', target: 'object', changes: 'deletion', query: 'uploadId', status: 204 },
  rights: [right('s3:AbortMultipartUpload', 'object')],
  input: structure(uploadInAddress),
  output: structure({}),
  errors: ['NoSuchUpload'],
})
