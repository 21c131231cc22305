import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { LifecycleConfiguration, transitionSizeHeader } from './shapes/lifecycle.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows the lifecycle rules. */
export const getBucketLifecycleConfiguration = operation('GetBucketLifecycleConfiguration', {
  http: { method: 'GET', target: 'bucket', query: 'lifecycle' },
  rights: [right('s3:GetLifecycleConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({
    ...transitionSizeHeader,
    LifecycleConfiguration: payload(LifecycleConfiguration, 'LifecycleConfiguration'),
  }),
  errors: ['NoSuchLifecycleConfiguration'],
})
