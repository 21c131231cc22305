import { UnreadableRecord, type Entry, type Key, type MetadataStore } from '../src/storage/metadata-store.ts'

type Scan = MetadataStore['scan']

/** Scans as an engine does whose disk cannot read one page, with the keys of `hidden`, once that is known: by steps from key to key, of which the one that would touch the page fails. */
export function pastHiddenPage(scan: Scan, hidden: { readonly start: Key; readonly end: Key }): Scan {
  const isHidden = (key: Key): boolean =>
    Buffer.compare(key, hidden.start) >= 0 && Buffer.compare(key, hidden.end) < 0
  return async (range) => {
    const { reverse = false, limit } = range
    const all = await scan({ ...range, limit: Number.MAX_SAFE_INTEGER })
    const read: Entry[] = []
    let at: Key = reverse ? range.end : range.start
    for (const entry of all) {
      if (read.length === limit) break
      if (isHidden(entry.key)) throw new UnreadableRecord(reverse ? 'before' : 'after', Buffer.from(at))
      read.push(entry)
      at = entry.key
    }
    return read
  }
}
