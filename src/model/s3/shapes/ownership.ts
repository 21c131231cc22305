import { enumeration, list, required, structure } from '../../shape.ts'

export const ObjectOwnership = enumeration(['BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced'])

export const OwnershipControls = structure(
  {
    Rules: required(
      list(structure({ ObjectOwnership: required(ObjectOwnership) }), { isFlattened: true, lengthMax: 1 }),
      { xmlName: 'Rule' },
    ),
  },
  { name: 'OwnershipControls' },
)
