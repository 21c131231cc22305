import { BODY_BYTES_MAX } from '../../model/s3/shapes/new-object.ts'
import { DomainError } from '../errors/domain-error.ts'

/** For the bytes of an object or part that come at once, as far as they are announced or have come. Throws `BodyTooLarge`. */
export function checkBodySize(sizeBytes: number): void {
  if (sizeBytes > BODY_BYTES_MAX)
    throw new DomainError('BodyTooLarge', { sizeBytes, sizeBytesMax: BODY_BYTES_MAX })
}
