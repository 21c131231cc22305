import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import { ERRORS_OF_EVERY_OPERATION } from './errors.ts'
import { BucketBundleList } from './shapes/bundle.ts'
import { BooleanValue } from './shapes/primitives.ts'

/** Shows the plans for buckets. */
export const getBucketBundles = operation('GetBucketBundles', {
  doc: 'Shows the bundles a bucket can be on: storage, transfer and price.',
  input: structure(
    {
      includeInactive: optional(BooleanValue, {
        doc: 'Whether to show also bundles that no new bucket can take.',
      }),
    },
    { name: 'GetBucketBundlesRequest' },
  ),
  output: structure({ bundles: BucketBundleList }, { name: 'GetBucketBundlesResult' }),
  errors: ERRORS_OF_EVERY_OPERATION,
})
