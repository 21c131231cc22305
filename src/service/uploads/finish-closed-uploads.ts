import { DamagedRecord, type Entry } from '../../storage/metadata-store.ts'
import { eachBucket } from '../buckets/each-bucket.ts'
import type { ServiceContext } from '../context.ts'
import { bucketCodec } from '../records/bucket.ts'
import { finishClosedUpload } from './closed-upload.ts'
import { walkUploads } from './walk-uploads.ts'

/**
 * Finishes the uploads that were completed or aborted by a process that ended before it had removed all their parts; gives how many. Until
 * then their parts count towards the bucket's usage. For the background: may be stopped anywhere, and may run on several servers at once.
 * Uploads of which a record is damaged stay, and are noted. Rejects at the end when it failed for some buckets; the others have had their turn.
 */
export async function finishClosedUploads(context: ServiceContext, signal?: AbortSignal): Promise<number> {
  let finished = 0
  const finishIn = async ({ value }: Entry): Promise<void> => {
    const { bucketId } = bucketCodec.decode(value)
    for await (const { record, storeKey } of walkUploads(context, bucketId, { signal })) {
      if (!record.closed) continue
      try {
        await finishClosedUpload(context, bucketId, storeKey)
        finished++
      } catch (error) {
        if (!(error instanceof DamagedRecord)) throw error
        await context.damage.noteRecord(error)
      }
    }
  }
  await eachBucket(context.metadata, finishIn, signal)
  return finished
}
