import { S3Error } from '../s3-error.ts'
import { DEFAULT_CHECKSUM_ALGORITHM } from '../../service/records/object.ts'
import type { ObjectBody } from '../../service/bodies/object-body.ts'
import { DigestedBody } from '../body/body-digests.ts'
import type { BodyPromises } from '../body/body-promises.ts'

/** Bounds that a form's policy sets its file, both inclusive. */
interface SizeBounds {
  readonly min: number
  readonly max: number
}

/** The file of a form as an object's body. Throws `EntityTooLarge` as soon as it is, `EntityTooSmall` at its end. */
export function formBody(
  bytes: AsyncIterable<Buffer>,
  promises: BodyPromises,
  bounds: SizeBounds | null,
): ObjectBody {
  const digests = new DigestedBody(promises, { algorithm: DEFAULT_CHECKSUM_ALGORITHM }, null)
  return {
    stream: digests.pass(bounds ? bounded(bytes, bounds) : bytes),
    finish: () => digests.finish(null),
  }
}

async function* bounded(
  bytes: AsyncIterable<Buffer>,
  { min, max }: SizeBounds,
): AsyncGenerator<Buffer, void, undefined> {
  let sizeBytes = 0
  for await (const piece of bytes) {
    sizeBytes += piece.length
    if (sizeBytes > max)
      throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
        details: { proposedSize: sizeBytes, maxSizeAllowed: max },
      })
    yield piece
  }
  if (sizeBytes < min)
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      details: { proposedSize: sizeBytes, minSizeAllowed: min },
    })
}
