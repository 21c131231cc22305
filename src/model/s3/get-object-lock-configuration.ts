import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { ObjectLockConfiguration } from './shapes/object-lock.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows whether, and for how long, versions are locked. */
export const getObjectLockConfiguration = operation('GetObjectLockConfiguration', {
  http: { method: 'GET', target: 'bucket', query: 'object-lock' },
  input: structure(bucketInAddress),
  output: structure({ ObjectLockConfiguration: payload(ObjectLockConfiguration, 'ObjectLockConfiguration') }),
  errors: ['ObjectLockConfigurationNotFoundError'],
})
