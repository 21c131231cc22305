import { structure } from '../../shape.ts'
import { BooleanValue } from './primitives.ts'

/** Which ways of making a bucket public are shut; all are open when absent. */
export const PublicAccessBlockConfiguration = structure(
  {
    BlockPublicAcls: BooleanValue,
    IgnorePublicAcls: BooleanValue,
    BlockPublicPolicy: BooleanValue,
    RestrictPublicBuckets: BooleanValue,
  },
  { name: 'PublicAccessBlockConfiguration' },
)
