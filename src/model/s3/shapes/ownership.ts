import { enumeration, list, required, structure } from '../../shape.ts'

/** Whose an object is that another account wrote, and whether access control lists count. */
export const ObjectOwnership = enumeration(['BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced'])

/** The rule of object ownership of a bucket. */
export const OwnershipControls = structure(
  {
    Rules: required(
      list(structure({ ObjectOwnership: required(ObjectOwnership) }), { isFlattened: true, lengthMax: 1 }),
      { xmlName: 'Rule' },
    ),
  },
  { name: 'OwnershipControls' },
)
