import { structure } from '../../shape.ts'
import { BooleanValue } from './primitives.ts'

export const PublicAccessBlockConfiguration = structure(
  {
    BlockPublicAcls: BooleanValue,
    IgnorePublicAcls: BooleanValue,
    BlockPublicPolicy: BooleanValue,
    RestrictPublicBuckets: BooleanValue,
  },
  { name: 'PublicAccessBlockConfiguration' },
)
