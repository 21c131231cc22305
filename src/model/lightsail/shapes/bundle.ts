import { list, structure } from '../../shape.ts'
import { BooleanValue, FloatValue, IntegerValue, NonEmptyString } from './primitives.ts'

/** A plan: what a bucket may hold and transfer in a month, in GB, and its price in US dollars. */
const BucketBundle = structure(
  {
    bundleId: NonEmptyString,
    name: NonEmptyString,
    price: FloatValue,
    storagePerMonthInGb: IntegerValue,
    transferPerMonthInGb: IntegerValue,
    isActive: BooleanValue,
  },
  { name: 'BucketBundle' },
)

/** The plans there are. */
export const BucketBundleList = list(BucketBundle, { name: 'BucketBundleList' })
