import { boolean, double, float, integer, string, timestamp } from '../../shape.ts'

/** The name of a bucket; also a host name, hence its narrow form. */
export const BucketName = string({
  name: 'BucketName',
  doc: 'The name of the bucket: 3 to 54 lower-case letters, digits and hyphens.',
  lengthMin: 3,
  lengthMax: 54,
  pattern: /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/,
})

/** The API writes the pattern as `.*\S.*`, which says the same and takes quadratic time on a long run of spaces. */
export const NonEmptyString = string({ name: 'NonEmptyString', pattern: /\S/ })

/** Any yes or no. */
export const BooleanValue = boolean({ name: 'boolean' })

/** An instant; epoch seconds on the wire. */
export const IsoDate = timestamp({ name: 'IsoDate' })

/** Any text. */
export const StringValue = string({ name: 'string' })

/** A whole number of 32 bits. */
export const IntegerValue = integer({ name: 'integer' })

/** The name of a resource of any kind: a letter, digit or underscore at either end, hyphens in between. */
export const ResourceName = string({ name: 'ResourceName', pattern: /\w[\w-]*\w/ })

/** A number of single precision. */
export const FloatValue = float({ name: 'float' })

/** A number of double precision. */
export const DoubleValue = double({ name: 'double' })

/** An instant of a metric; epoch seconds on the wire. */
export const TimestampValue = timestamp({ name: 'timestamp' })

/** A resource's Amazon Resource Name, in which the last part is its id. */
export const ResourceArn = string({
  name: 'ResourceArn',
  pattern: /^arn:(aws[^:]*):([a-zA-Z0-9-]+):([a-z0-9-]+):([0-9]+):([a-zA-Z]+)\/([a-zA-Z0-9-]+)$/,
})
