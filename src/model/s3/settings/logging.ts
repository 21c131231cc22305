import { operation } from '../../operation.ts'
import { enumeration, list, required, structure } from '../../shape.ts'
import { payload, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { Grantee, GRANTS_MAX } from '../shapes/acl.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { bucketInAddress, StringValue } from '../shapes/primitives.ts'

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
const BucketLoggingStatus = structure(
  {
    LoggingEnabled: structure({
      TargetBucket: required(StringValue),
      TargetGrants: list(TargetGrant, { memberName: 'Grant', lengthMax: GRANTS_MAX }),
      TargetPrefix: required(StringValue),
      TargetObjectKeyFormat,
    }),
  },
  { name: 'BucketLoggingStatus' },
)

/** Shows where accesses are logged. */
export const getBucketLogging = operation('GetBucketLogging', {
  http: { method: 'GET', target: 'bucket', query: 'logging' },
  rights: [right('s3:GetBucketLogging', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ BucketLoggingStatus: payload(BucketLoggingStatus, 'BucketLoggingStatus') }),
  errors: [],
})

/** Sets where accesses are logged. */
export const putBucketLogging = operation('PutBucketLogging', {
  http: { method: 'PUT', target: 'bucket', query: 'logging' },
  rights: [right('s3:PutBucketLogging', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    BucketLoggingStatus: requiredPayload(BucketLoggingStatus, 'BucketLoggingStatus'),
  }),
  output: structure({}),
  errors: ['InvalidTargetBucketForLogging'],
})
