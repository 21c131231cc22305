import { boolean, integer, long, map, required, stream, string, timestamp } from '../../shape.ts'

/** Any text. */
export const StringValue = string()

/** A yes or no, `true` or `false` on the wire. */
export const BooleanValue = boolean()

/** A whole number of 32 bits. */
export const IntegerValue = integer()

/** A whole number up to 2^53 − 1, as sizes in bytes are. */
export const LongValue = long()
/** `2009-10-12T17:50:30.000Z`. */
export const IsoDate = timestamp({ format: 'iso8601' })
/** As {@link IsoDate}, of something that happened: S3 keeps whole seconds, so that every response tells the instant that HEAD tells. */
export const IsoSecond = timestamp({ format: 'iso8601', isWholeSeconds: true })
/** `Mon, 12 Oct 2009 17:50:30 GMT`; one that cannot be read is taken as absent, as HTTP has it for conditions. */
export const HttpDate = timestamp({ format: 'httpDate' })
/** In any of the usual forms; one that cannot be read is refused. */
export const Instant = timestamp()

/** Texts by name. */
export const StringMap = map()

/** The body of an object, as a stream. */
export const Bytes = stream()

/** The most bytes of UTF-8 that a key has. */
export const OBJECT_KEY_BYTES_MAX = 1_024

/** The bucket that the address names. */
export const bucketInAddress = { Bucket: required(StringValue, { location: { in: 'uri' } }) }
/** The bucket and the object that the address names. */
export const objectInAddress = {
  ...bucketInAddress,
  Key: required(StringValue, { location: { in: 'uri' } }),
}
