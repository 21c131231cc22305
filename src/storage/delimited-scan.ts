import { prefixEnd } from '../base/key.ts'
import type { DelimitedScanRange, Entry, Key, ListItem } from './metadata-store.ts'

/** A place in an ordered store. An engine gives one that reads values only when asked. */
export interface EntryCursor {
  /** Goes to the first entry at or after `key`; gives its key, or null when there is none. */
  seek(key: Key): Buffer | null
  /** Goes to the next entry. */
  next(): Buffer | null
  /** The entry at this place. */
  entry(): Entry
}

/**
 * {@link MetadataStore.scanDelimited} for an engine that can seek within the process: one seek for each common prefix, one step
 * for each entry.
 */
export function collectDelimited(range: DelimitedScanRange, cursor: EntryCursor): ListItem[] {
  const { prefix, delimiter, limit } = range
  const rangeEnd = prefixEnd(prefix)
  const end = rangeEnd && Buffer.compare(rangeEnd, range.end) < 0 ? rangeEnd : range.end
  const start = Buffer.compare(range.start, prefix) < 0 ? prefix : range.start
  const items: ListItem[] = []
  const [byte] = delimiter
  // For one byte the search is a fast one.
  const wanted = delimiter.byteLength === 1 && byte !== undefined ? byte : delimiter
  let key = cursor.seek(start)
  while (key && items.length < limit && Buffer.compare(key, end) < 0) {
    const at = key.indexOf(wanted, prefix.byteLength)
    if (at < 0) {
      items.push({ type: 'entry', entry: cursor.entry() })
      key = cursor.next()
      continue
    }
    const commonPrefix = key.subarray(0, at + delimiter.byteLength)
    items.push({ type: 'prefix', prefix: commonPrefix, first: cursor.entry() })
    const behind = prefixEnd(commonPrefix)
    key = behind && cursor.seek(behind)
  }
  return items
}
