import { enumeration, list, optional, required, structure } from '../../shape.ts'
import { inHeader, repeated } from '../bindings.ts'
import { BooleanValue, IntegerValue, IsoDate, LongValue, StringValue } from './primitives.ts'
import { Tag } from './tag.ts'

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
export const LifecycleConfiguration = structure(
  { Rules: required(list(LifecycleRule, { isFlattened: true, lengthMax: 1000 }), { xmlName: 'Rule' }) },
  { name: 'LifecycleConfiguration' },
)

/** From which size on transitions take an object. There are none here, so S3's default is all there is. */
export const TRANSITION_SIZE_DEFAULT = 'all_storage_classes_128K'

/** The header that says which sizes of objects would move to another storage class. */
export const transitionSizeHeader = {
  TransitionDefaultMinimumObjectSize: inHeader(
    'x-amz-transition-default-minimum-object-size',
    enumeration([TRANSITION_SIZE_DEFAULT], { valuesNotOffered: ['varies_by_storage_class'] }),
  ),
}
