import { readTextPart, textPart } from '../../base/key.ts'
import type { Entry, ListItem } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { currentVersionKey, objectPrefix, parseVersionKey, versionKey, versionPrefix } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { decodeObject } from '../records/object-codec.ts'
import type { ObjectRecord } from '../records/object.ts'
import {
  escapedText,
  commonPrefixOf,
  scanItems,
  startAfterKey,
  startAfterPrefix,
} from '../listing/list-page.ts'

/** Behind which version the page begins. */
export interface VersionPosition {
  readonly keyMarker?: string
  /** The page begins among the versions of `keyMarker`, with those of a lower order. */
  readonly belowOrder?: string
  /** The newest order of that key. */
  readonly newestOrder?: string
}

/** A version (`objectKey` is its object's key), or a common prefix when there is no record. */
type VersionRow = {
  readonly objectKey: string
  readonly keyBytes: Buffer
} & (
  | { readonly record: ObjectRecord; readonly isCurrent: boolean }
  | { readonly record?: never; readonly isCurrent?: never }
)

interface VersionRowRange {
  readonly prefix?: string
  readonly delimiter?: string
  /** Only objects whose keys sort before this one. */
  readonly before?: string
  readonly position: VersionPosition
  readonly limit: number
}

const READS_MAX = 3

/** Current and older versions together: keys in byte order, the versions of a key newest first, at most `limit` rows. */
export async function readVersionRows(
  context: ServiceContext,
  bucket: BucketRecord,
  range: VersionRowRange,
): Promise<VersionRow[]> {
  let current = await scanCurrent(context, bucket, range)
  for (let read = 1; ; read++) {
    if (bucket.versioning === 'NeverEnabled') return current.rows
    const older = await scanOlder(context, bucket, range)
    // A version that moves between the current and the older ones while one after the other is read would be missing from both: so
    // the current ones must not have changed while the older ones were read. Under ceaseless writes the page is what a moment showed.
    const again = await scanCurrent(context, bucket, range)
    if (read === READS_MAX || isSameState(current.items, again.items))
      return mergeRows(again.rows, older).slice(0, range.limit)
    current = again
  }
}

async function scanCurrent(
  context: ServiceContext,
  { bucketId }: BucketRecord,
  { prefix = '', delimiter, before, limit, position }: VersionRowRange,
): Promise<{ readonly items: ListItem[]; readonly rows: VersionRow[] }> {
  const { keyMarker, belowOrder } = position
  let start: Buffer = currentVersionKey(bucketId, prefix)
  if (keyMarker !== undefined) {
    const commonPrefix = commonPrefixOf(keyMarker, prefix, delimiter)
    start = currentVersionKey(bucketId, commonPrefix ?? keyMarker)
    if (commonPrefix !== null) start = startAfterPrefix(start)
    else if (belowOrder === undefined) start = startAfterKey(start)
  }
  const items = await scanItems(context, {
    prefix: currentVersionKey(bucketId, prefix),
    start,
    ...(before !== undefined && { end: currentVersionKey(bucketId, before) }),
    delimiter,
    // The marker's own key is read along, and may have to be left out.
    limit: belowOrder === undefined ? limit : limit + 1,
  })
  const prefixBytes = objectPrefix(bucketId).length
  const rows = items.map((item) =>
    item.type === 'prefix'
      ? prefixRow(item.prefix.subarray(prefixBytes))
      : versionRow(item.entry.key.subarray(prefixBytes), item.entry, true),
  )
  const isListed = ({ objectKey, record }: VersionRow) =>
    objectKey !== keyMarker || !record || belowOrder === undefined || record.order < belowOrder
  return { items, rows: rows.filter(isListed) }
}

async function scanOlder(
  context: ServiceContext,
  { bucketId }: BucketRecord,
  { prefix = '', delimiter, before, limit, position }: VersionRowRange,
): Promise<VersionRow[]> {
  const { keyMarker, belowOrder } = position
  const bucketPrefix = versionPrefix(bucketId)
  const escaped = (text: string) => Buffer.concat([bucketPrefix, escapedText(text)])
  let start: Buffer = escaped(prefix)
  if (keyMarker !== undefined) {
    const commonPrefix = commonPrefixOf(keyMarker, prefix, delimiter)
    if (commonPrefix !== null) start = startAfterPrefix(escaped(commonPrefix))
    else if (belowOrder === undefined)
      start = startAfterPrefix(Buffer.concat([bucketPrefix, textPart(keyMarker)]))
    else start = startAfterKey(versionKey(bucketId, keyMarker, belowOrder))
  }
  const end = before === undefined ? {} : { end: Buffer.concat([bucketPrefix, textPart(before)]) }
  const items = await scanItems(context, { prefix: escaped(prefix), start, ...end, delimiter, limit })
  return items.map((item) => {
    if (item.type === 'entry')
      return versionRow(Buffer.from(parseVersionKey(bucketId, item.entry.key).key), item.entry, false)
    const terminated = Buffer.concat([item.prefix, TERMINATOR])
    return prefixRow(Buffer.from(readTextPart(terminated, bucketPrefix.length).text))
  })
}

const TERMINATOR = textPart('')
const prefixRow = (keyBytes: Buffer): VersionRow => ({ objectKey: keyBytes.toString(), keyBytes })
const versionRow = (keyBytes: Buffer, entry: Entry, isCurrent: boolean): VersionRow => ({
  objectKey: keyBytes.toString(),
  keyBytes,
  record: decodeObject(entry.value).record,
  isCurrent,
})

/** Two sorted lists as one, by key and then newest first; what is in both comes once. */
function mergeRows(left: readonly VersionRow[], right: readonly VersionRow[]): VersionRow[] {
  const merged: VersionRow[] = []
  let [l, r] = [0, 0]
  for (;;) {
    const [a, b] = [left[l], right[r]]
    if (!a || !b) return [...merged, ...left.slice(l), ...right.slice(r)]
    const order = compareRows(a, b)
    merged.push(order <= 0 ? a : b)
    if (order <= 0) l++
    if (order >= 0) r++
  }
}

function compareRows(a: VersionRow, b: VersionRow): number {
  const byKey = Buffer.compare(a.keyBytes, b.keyBytes)
  if (byKey !== 0) return byKey
  const [orderA, orderB] = [a.record?.order ?? '', b.record?.order ?? '']
  return orderA === orderB ? 0 : orderA > orderB ? -1 : 1
}

function isSameState(a: readonly ListItem[], b: readonly ListItem[]): boolean {
  return (
    a.length === b.length &&
    a.every((item, at) => {
      const other = b[at]
      if (item.type === 'prefix') return other?.type === 'prefix' && item.prefix.equals(other.prefix)
      return (
        other?.type === 'entry' &&
        item.entry.version === other.entry.version &&
        item.entry.key.equals(other.entry.key)
      )
    })
  )
}
