import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { BucketLoggingStatus } from './shapes/logging.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets where accesses are logged. */
export const putBucketLogging = operation('PutBucketLogging', {
  http: { method: 'PUT', target: 'bucket', query: 'logging' },
  rights: [right('s3:PutBucketLogging', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    BucketLoggingStatus: requiredPayload(BucketLoggingStatus, 'BucketLoggingStatus'),
  }),
  output: structure({}),
  errors: ['InvalidTargetBucketForLogging'],
})
