import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { ERRORS_OF_EVERY_OPERATION } from './errors.ts'
import { BucketBundleList } from './shapes/bundle.ts'
import { BooleanValue } from './shapes/primitives.ts'

export const getBucketBundles = operation('GetBucketBundles', {
  input: structure({ includeInactive: BooleanValue }, { name: 'GetBucketBundlesRequest' }),
  output: structure({ bundles: BucketBundleList }, { name: 'GetBucketBundlesResult' }),
  errors: ERRORS_OF_EVERY_OPERATION,
})
