import { list, required, structure } from '../../shape.ts'
import { BooleanValue, StringValue } from './primitives.ts'

const Default = structure({ SSEAlgorithm: required(StringValue), KMSMasterKeyID: StringValue })

/** How new objects of a bucket are encrypted when their request does not say. */
export const ServerSideEncryptionConfiguration = structure(
  {
    Rules: required(
      list(structure({ ApplyServerSideEncryptionByDefault: Default, BucketKeyEnabled: BooleanValue }), {
        isFlattened: true,
        lengthMax: 1,
      }),
      { xmlName: 'Rule' },
    ),
  },
  { name: 'ServerSideEncryptionConfiguration' },
)
