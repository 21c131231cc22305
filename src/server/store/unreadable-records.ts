import { keyAfter } from '../../base/key.ts'
import {
  DamagedRecord,
  UnreadableRecord,
  type Key,
  type MetadataStore,
} from '../../storage/metadata-store.ts'

const KEYS_PER_PAGE = 500

/**
 * What a page of the metadata that cannot be read hides of a range, as damage that one can go past: one record, or all from the last that can be read in front of it to the first that can be read
 * behind it. The latter is looked for from the end of the range, since nothing else leads there: of several such pages, what lies between them counts as hidden, too.
 */
export async function damageOfUnreadable(
  metadata: Pick<MetadataStore, 'scan'>,
  range: { readonly start: Key; readonly end: Key },
  { what, key }: UnreadableRecord,
): Promise<DamagedRecord> {
  const reason = 'the disk cannot read the page that it lies in'
  const isOneRecord = what === 'row'
  if (isOneRecord) return new DamagedRecord({ key, version: '' }, 'the metadata', reason)
  // A scan's first step is named after where it begins, which may be hidden itself.
  const first = Buffer.compare(key, range.start) <= 0 ? Buffer.from(range.start) : keyAfter(key)
  const found = await firstFromBehind(metadata, { start: first, end: range.end })
  const behind = Buffer.compare(found, first) > 0 ? found : keyAfter(first)
  return new DamagedRecord(
    { key: first, version: '', behind },
    'the metadata',
    `${reason}, nor others up to the next one that is read`,
  )
}

/** The first key in the range that can be reached from its end; the end, where there is none. */
async function firstFromBehind(
  metadata: Pick<MetadataStore, 'scan'>,
  { start, end }: { readonly start: Key; readonly end: Key },
): Promise<Key> {
  for (let first = end; ;) {
    try {
      const page = await metadata.scan({
        start,
        end: first,
        limit: KEYS_PER_PAGE,
        reverse: true,
        keysOnly: true,
      })
      first = page.at(-1)?.key ?? first
      if (page.length < KEYS_PER_PAGE) return first
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error
      if (error.what !== 'row') return error.key
      // Its key can be read, and so can those in front of it.
      first = error.key
    }
  }
}
