import { OBJECT_KEY_BYTES_MAX } from '../../model/s3/shapes/primitives.ts'
import { ServiceError } from '../errors.ts'

/** Zero bytes take two in a stored key, whose length the store bounds. */
const ZERO_BYTES_MAX = 512

/** Throws `KeyTooLongError` unless the key can name an object: 1–1024 bytes of UTF-8. */
export function checkObjectKey(key: string): void {
  checkKeyLength(key)
  if (key === '') throw new ServiceError('InvalidArgument', 'The key must have 1 byte or more.')
  if (key.includes('\0') && key.split('\0').length - 1 > ZERO_BYTES_MAX)
    throw new ServiceError('KeyTooLongError', `The key has more than ${ZERO_BYTES_MAX} zero bytes.`)
}

/** Throws `KeyTooLongError` for a key of more bytes than S3 allows. */
export function checkKeyLength(key: string): void {
  // A character is at most three bytes in UTF-8 for each UTF-16 unit, so short keys need no counting.
  if (key.length * 3 <= OBJECT_KEY_BYTES_MAX) return
  const sizeBytes = Buffer.byteLength(key)
  if (sizeBytes > OBJECT_KEY_BYTES_MAX)
    throw new ServiceError('KeyTooLongError', undefined, {
      details: { size: sizeBytes, maxSizeAllowed: OBJECT_KEY_BYTES_MAX },
    })
}
