import { boolean, double, float, integer, string, timestamp } from '../../shape.ts'

export const BucketName = string({
  name: 'BucketName',
  doc: 'The name of the bucket: 3 to 54 lower-case letters, digits and hyphens.',
  lengthMin: 3,
  lengthMax: 54,
  pattern: /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/,
})

/** The API writes the pattern as `.*\S.*`, which says the same and takes quadratic time on a long run of spaces. */
export const NonEmptyString = string({ name: 'NonEmptyString', pattern: /\S/ })

export const BooleanValue = boolean({ name: 'boolean' })

export const IsoDate = timestamp({ name: 'IsoDate' })

export const StringValue = string({ name: 'string' })

export const IntegerValue = integer({ name: 'integer' })

export const ResourceName = string({ name: 'ResourceName', pattern: /\w[\w-]*\w/ })

export const FloatValue = float({ name: 'float' })

export const DoubleValue = double({ name: 'double' })

export const TimestampValue = timestamp({ name: 'timestamp' })

export const ResourceArn = string({
  name: 'ResourceArn',
  pattern: /^arn:(aws[^:]*):([a-zA-Z0-9-]+):([a-z0-9-]+):([0-9]+):([a-zA-Z]+)\/([a-zA-Z0-9-]+)$/,
})
