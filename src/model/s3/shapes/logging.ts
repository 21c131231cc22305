import { enumeration, list, required, structure } from '../../shape.ts'
import { Grantee } from './acl.ts'
import { StringValue } from './primitives.ts'

/** Not offered; described so that a request with one is refused for what it is, and not as malformed. */
const TargetGrant = structure({
  Grantee,
  Permission: enumeration(['FULL_CONTROL', 'READ', 'WRITE']),
})

const TargetObjectKeyFormat = structure({
  SimplePrefix: structure({}),
  PartitionedPrefix: structure({ PartitionDateSource: enumeration(['EventTime', 'DeliveryTime']) }),
})

/** Where the accesses to a bucket are logged; empty when nowhere. */
export const BucketLoggingStatus = structure(
  {
    LoggingEnabled: structure({
      TargetBucket: required(StringValue),
      TargetGrants: list(TargetGrant, { memberName: 'Grant', lengthMax: 100 }),
      TargetPrefix: required(StringValue),
      TargetObjectKeyFormat,
    }),
  },
  { name: 'BucketLoggingStatus' },
)
