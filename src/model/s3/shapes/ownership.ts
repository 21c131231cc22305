import { enumeration } from '../../shape.ts'

export const ObjectOwnership = enumeration(['BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced'])
