import { keyAfter } from '../../base/key.ts'
import type { Entry } from '../../storage/metadata-store.ts'
import { eachBucket } from '../buckets/each-bucket.ts'
import type { ServiceContext } from '../context.ts'
import { uploadsRange } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { finishClosedUpload } from './closed-upload.ts'
import { storedUpload } from './upload-rows.ts'

const PAGE_SIZE = 1_000

/**
 * Finishes the uploads that were completed or aborted by a process that ended before it had removed all their parts; gives how many. Until
 * then their parts count towards the bucket's usage. For the background: may be stopped anywhere, and may run on several servers at once.
 * Rejects at the end when it failed for some buckets; the others have had their turn.
 */
export async function finishClosedUploads(context: ServiceContext, signal?: AbortSignal): Promise<number> {
  let finished = 0
  const finishIn = async ({ value }: Entry): Promise<void> => {
    const { bucketId } = bucketCodec.decode(value)
    for await (const entry of uploadsOf(context, bucketId, signal)) {
      if (!storedUpload(entry).record.closed) continue
      await finishClosedUpload(context, bucketId, entry.key)
      finished++
    }
  }
  await eachBucket(context.metadata, finishIn, signal)
  return finished
}

async function* uploadsOf(
  { metadata }: ServiceContext,
  bucketId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Entry, void, undefined> {
  const { start, end } = uploadsRange(bucketId)
  for (let from = start; ;) {
    signal?.throwIfAborted()
    const page = await metadata.scan({ start: from, end, limit: PAGE_SIZE })
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE_SIZE) return
    from = keyAfter(last.key)
  }
}
