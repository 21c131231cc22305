import { BODY_BYTES_MAX } from '../../../model/s3/shapes/new-object.ts'
import { copyInParts } from './copy-in-parts.ts'
import type { Copied, CopyContext, CopyTask } from './copy-task.ts'
import { copyWhole } from './copy-whole.ts'
import { isStill, partCountOf } from './source-object.ts'
import type { Attempts } from './source-object.ts'
import { DamagedBody, PartsNotAtHand, SourceChanged, SourceInParts } from './transfer-errors.ts'

/** After a copy that took so long the source is asked whether it is still the same object: dates would not tell. */
const LONG_COPY_MS = 1_000
/** How often a copy is begun anew because the object is not what it seemed. */
const ROUNDS_MAX = 8

/**
 * Copies one version: bytes, metadata, tags, locks, checksum, and its ETag where the destination can make the same. What the destination stores is what was
 * read, and what was read is what the source says of it, by MD5 or checksum.
 * @throws SourceGone where it is not there any more, EtagOfOtherBytes where nothing vouches for the bytes, and what the stores answer
 */
export async function copyVersion(context: CopyContext, task: CopyTask): Promise<Copied> {
  const { source, slots } = context
  const { version } = task
  const attempts: Attempts = { otherMd5: undefined, hasOtherEtag: false }
  let isInParts = partCountOf(version.etag) > 0 || version.sizeBytes > BODY_BYTES_MAX
  let hasParts = true
  for (let round = 1; ; round++) {
    const startedAt = performance.now()
    try {
      const copied = isInParts
        ? await copyInParts(context, task, attempts, hasParts)
        : await source.retry(() => slots.use(() => copyWhole(context, task, attempts)))
      const isShort = performance.now() - startedAt < LONG_COPY_MS
      if (isShort || version.versionId !== undefined || (await isStill(source, task, copied))) return copied
      throw new SourceChanged('it changed again and again while it was copied')
    } catch (error) {
      if (round >= ROUNDS_MAX) throw error
      if (error instanceof SourceInParts) isInParts = true
      else if (error instanceof PartsNotAtHand) hasParts = false
      else if (error instanceof SourceChanged) isInParts = false
      else if (!(isInParts && error instanceof DamagedBody)) throw error
    }
  }
}
