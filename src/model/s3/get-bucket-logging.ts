import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { BucketLoggingStatus } from './shapes/logging.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows where accesses are logged. */
export const getBucketLogging = operation('GetBucketLogging', {
  http: { method: 'GET', target: 'bucket', query: 'logging' },
  rights: [right('s3:GetBucketLogging', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ BucketLoggingStatus: payload(BucketLoggingStatus, 'BucketLoggingStatus') }),
  errors: [],
})
