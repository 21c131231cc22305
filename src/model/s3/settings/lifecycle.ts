import { operation } from '../../operation.ts'
import { enumeration, list, optional, required, structure } from '../../shape.ts'
import { inHeader, payload, repeated, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import {
  BooleanValue,
  bucketInAddress,
  IntegerValue,
  IsoDate,
  LongValue,
  StringValue,
} from '../shapes/primitives.ts'
import { Tag } from '../shapes/tag.ts'

const And = structure({
  Prefix: StringValue,
  Tags: repeated('Tag', list(Tag, { isFlattened: true })),
  ObjectSizeGreaterThan: LongValue,
  ObjectSizeLessThan: LongValue,
})

const Filter = structure({
  Prefix: StringValue,
  Tag: optional(Tag),
  ObjectSizeGreaterThan: LongValue,
  ObjectSizeLessThan: LongValue,
  And,
})

/** Not offered; described so that a rule with one is refused for what it is, and not as malformed. */
const Transition = structure({
  Date: IsoDate,
  Days: IntegerValue,
  NoncurrentDays: IntegerValue,
  NewerNoncurrentVersions: IntegerValue,
  StorageClass: StringValue,
})

/** What is deleted when: ages in days, dates at midnight UTC. */
export const LifecycleRule = structure({
  Expiration: structure({ Date: IsoDate, Days: IntegerValue, ExpiredObjectDeleteMarker: BooleanValue }),
  ID: StringValue,
  Prefix: StringValue,
  Filter,
  Status: required(enumeration(['Enabled', 'Disabled'])),
  Transitions: repeated('Transition', list(Transition, { isFlattened: true })),
  NoncurrentVersionTransitions: repeated(
    'NoncurrentVersionTransition',
    list(Transition, { isFlattened: true }),
  ),
  NoncurrentVersionExpiration: structure({
    NoncurrentDays: IntegerValue,
    NewerNoncurrentVersions: IntegerValue,
  }),
  AbortIncompleteMultipartUpload: structure({ DaysAfterInitiation: IntegerValue }),
})

/** The lifecycle rules of a bucket. */
const LifecycleConfiguration = structure(
  { Rules: required(list(LifecycleRule, { isFlattened: true, lengthMax: 1000 }), { xmlName: 'Rule' }) },
  { name: 'LifecycleConfiguration' },
)

/** From which size on transitions take an object. There are none here, so S3's default is all there is. */
export const TRANSITION_SIZE_DEFAULT = 'all_storage_classes_128K'

/** The header that says which sizes of objects would move to another storage class. */
const transitionSizeHeader = {
  TransitionDefaultMinimumObjectSize: inHeader(
    'x-amz-transition-default-minimum-object-size',
    enumeration([TRANSITION_SIZE_DEFAULT], { valuesNotOffered: ['varies_by_storage_class'] }),
  ),
}

/** Shows the lifecycle rules. */
export const getBucketLifecycleConfiguration = operation('GetBucketLifecycleConfiguration', {
  http: { method: 'GET', target: 'bucket', query: 'lifecycle' },
  rights: [right('s3:GetLifecycleConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({
    ...transitionSizeHeader,
    LifecycleConfiguration: payload(LifecycleConfiguration, 'LifecycleConfiguration'),
  }),
  errors: ['NoSuchLifecycleConfiguration'],
})

/** Sets the lifecycle rules. */
export const putBucketLifecycleConfiguration = operation('PutBucketLifecycleConfiguration', {
  http: { method: 'PUT', target: 'bucket', query: 'lifecycle' },
  rights: [right('s3:PutLifecycleConfiguration', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    ...transitionSizeHeader,
    LifecycleConfiguration: requiredPayload(LifecycleConfiguration, 'LifecycleConfiguration'),
  }),
  output: structure(transitionSizeHeader),
  errors: [],
})

/** Takes the lifecycle rules away. */
export const deleteBucketLifecycle = operation('DeleteBucketLifecycle', {
  http: { method: 'DELETE', target: 'bucket', query: 'lifecycle', status: 204 },
  rights: [right('s3:PutLifecycleConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: [],
})
