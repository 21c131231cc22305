import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { payload, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { ObjectLockConfiguration } from '../shapes/object-lock.ts'
import { bucketInAddress } from '../shapes/primitives.ts'

/** Shows whether, and for how long, versions are locked. */
export const getObjectLockConfiguration = operation('GetObjectLockConfiguration', {
  http: { method: 'GET', target: 'bucket', query: 'object-lock' },
  rights: [right('s3:GetBucketObjectLockConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ ObjectLockConfiguration: payload(ObjectLockConfiguration, 'ObjectLockConfiguration') }),
  errors: ['ObjectLockConfigurationNotFoundError'],
})

/** Sets the retention that new versions get. */
export const putObjectLockConfiguration = operation('PutObjectLockConfiguration', {
  http: { method: 'PUT', target: 'bucket', query: 'object-lock' },
  rights: [right('s3:PutBucketObjectLockConfiguration', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    ObjectLockConfiguration: requiredPayload(ObjectLockConfiguration, 'ObjectLockConfiguration'),
  }),
  output: structure({}),
  errors: ['InvalidBucketState', 'InvalidRetentionPeriod'],
})
