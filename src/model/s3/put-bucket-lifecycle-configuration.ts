import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { LifecycleConfiguration, transitionSizeHeader } from './shapes/lifecycle.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets the lifecycle rules. */
export const putBucketLifecycleConfiguration = operation('PutBucketLifecycleConfiguration', {
  http: { method: 'PUT', target: 'bucket', query: 'lifecycle' },
  rights: [right('s3:PutLifecycleConfiguration', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    ...transitionSizeHeader,
    LifecycleConfiguration: requiredPayload(LifecycleConfiguration, 'LifecycleConfiguration'),
  }),
  output: structure(transitionSizeHeader),
  errors: ['NoSuchBucket'],
})
