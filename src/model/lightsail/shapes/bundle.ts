import { list, structure } from '../../shape.ts'
import { BooleanValue, FloatValue, IntegerValue, NonEmptyString } from './primitives.ts'

export const BucketBundle = structure(
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

export const BucketBundleList = list(BucketBundle, { name: 'BucketBundleList' })
