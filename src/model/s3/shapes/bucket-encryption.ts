import { list, required, structure } from '../../shape.ts'
import { BooleanValue, StringValue } from './primitives.ts'

const Default = structure({ SSEAlgorithm: required(StringValue), KMSMasterKeyID: StringValue })

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
