import { OBJECT_KEY_BYTES_MAX } from '../../model/s3/shapes/primitives.ts'
import { DomainError } from '../errors/domain-error.ts'

/** Zero bytes take two in a stored key, whose length the store bounds. */
const ZERO_BYTES_MAX = 512

/** Throws `ObjectKeyTooLong`, `EmptyObjectKey` or `TooManyZeroBytes` unless the key can name an object: 1–1024 bytes of UTF-8. */
export function checkObjectKey(objectKey: string): void {
  checkKeyLength(objectKey)
  if (objectKey === '') throw new DomainError('EmptyObjectKey')
  if (objectKey.includes('\0') && objectKey.split('\0').length - 1 > ZERO_BYTES_MAX)
    throw new DomainError('TooManyZeroBytes', { countMax: ZERO_BYTES_MAX })
}

/** Throws `ObjectKeyTooLong` for a key of more bytes than S3 allows. */
export function checkKeyLength(objectKey: string): void {
  // A character is at most three bytes in UTF-8 for each UTF-16 unit, so short keys need no counting.
  if (objectKey.length * 3 <= OBJECT_KEY_BYTES_MAX) return
  const sizeBytes = Buffer.byteLength(objectKey)
  if (sizeBytes > OBJECT_KEY_BYTES_MAX)
    throw new DomainError('ObjectKeyTooLong', { sizeBytes, sizeBytesMax: OBJECT_KEY_BYTES_MAX })
}
