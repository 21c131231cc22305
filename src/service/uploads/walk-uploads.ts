import { prefixEnd } from '../../base/key.ts'
import type { ServiceContext } from '../context.ts'
import { scanToDamage, type PageToDamage } from '../damage/past-damage.ts'
import { uploadPrefix } from '../keyspace.ts'
import { escapedText } from '../listing/list-page.ts'
import { storedUpload, type StoredUpload } from './upload-rows.ts'

const PAGE_SIZE = 1_000

/**
 * All uploads of a bucket whose keys begin with a prefix, those that are over and not yet finished included; a damaged one is noted and passed over. Holds a
 * page at a time.
 */
export async function* walkUploads(
  { metadata, damage }: ServiceContext,
  bucketId: string,
  { prefix = '', signal }: { readonly prefix?: string; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<StoredUpload, void, undefined> {
  const start = Buffer.concat([uploadPrefix(bucketId), escapedText(prefix)])
  const end = prefixEnd(start)
  if (!end) throw new RangeError('a range of uploads has an end')
  for (let from: Buffer | null = start; from;) {
    signal?.throwIfAborted()
    const page: PageToDamage = await scanToDamage(metadata, { start: from, end, limit: PAGE_SIZE })
    yield* page.entries.map(storedUpload)
    if (page.damaged) await damage.noteRecord(page.damaged)
    from = page.next
  }
}
