import { pageEntries } from '../../model/s3/shapes/listing.ts'
import { keyAfter, prefixEnd, textPart } from '../../base/key.ts'
import { FIELDS_BYTES, hasAllFields } from '../../base/record.ts'
import type { ListItem } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { PageLimit } from '../errors/listing.ts'

/** Throws `InvalidPageSize` for a negative or broken number; more than `PAGE_MAX` is taken as that. */
export function checkPageSize(wanted: number, limit: PageLimit): number {
  if (!Number.isSafeInteger(wanted) || wanted < 0) throw new DomainError('InvalidPageSize', { limit, wanted })
  return pageEntries(wanted)
}

/** The common prefix that `text` is, or lies under, in a listing by prefix and delimiter: up to the first delimiter behind the prefix. */
export function commonPrefixOf(text: string, prefix: string, delimiter: string | undefined): string | null {
  if (delimiter === undefined || delimiter === '' || !text.startsWith(prefix)) return null
  const at = text.indexOf(delimiter, prefix.length)
  return at < 0 ? null : text.slice(0, at + delimiter.length)
}

interface ItemRange {
  readonly prefix: Buffer
  /** Inclusive; what lies before the prefix is not looked at. */
  readonly start: Buffer
  /** Exclusive; absent: the end of the prefix. */
  readonly end?: Buffer
  readonly delimiter: string | undefined
  readonly limit: number
}

/** Read of each record at first: more than the fields of nearly all need, and not the body behind them. */
const RECORD_BYTES_READ = { valueBytesMax: 2_048, valueBytesEnough: FIELDS_BYTES }

/** What lies under a prefix, by delimiter or one by one, in byte order. Entries have the records' fields, the tails only by chance. */
export async function scanItems(context: ServiceContext, range: ItemRange): Promise<ListItem[]> {
  const { prefix, delimiter, limit } = range
  const end = range.end ?? prefixEnd(prefix)
  if (!end) throw new RangeError('a listing has a prefix that something sorts after')
  const start = Buffer.compare(range.start, prefix) < 0 ? prefix : range.start
  if (Buffer.compare(start, end) >= 0) return []
  const scan = async (reading: Partial<typeof RECORD_BYTES_READ>): Promise<ListItem[]> => {
    if (delimiter !== undefined && delimiter !== '') {
      const bytes = Buffer.from(delimiter)
      return await context.metadata.scanDelimited({ prefix, start, end, delimiter: bytes, limit, ...reading })
    }
    const entries = await context.metadata.scan({ start, end, limit, ...reading })
    return entries.map((entry) => ({ type: 'entry', entry }))
  }
  const items = await scan(RECORD_BYTES_READ)
  if (!items.some(isCut)) return items
  return await ((await readLongFields(context, items)) ?? scan({}))
}

const isCut = (item: ListItem): boolean => item.type === 'entry' && !hasAllFields(item.entry.value)

/** Reads those entries whole whose fields were cut; null when one of them is gone, so that the page no longer is what one moment showed. */
async function readLongFields(
  context: ServiceContext,
  items: readonly ListItem[],
): Promise<ListItem[] | null> {
  const cutKeys = items.flatMap((item) => (item.type === 'entry' && isCut(item) ? [item.entry.key] : []))
  const whole = await context.metadata.getMany(cutKeys)
  const read: ListItem[] = []
  let next = 0
  for (const item of items) {
    if (!isCut(item)) {
      read.push(item)
      continue
    }
    const entry = whole[next++]
    if (!entry) return null
    read.push({ type: 'entry', entry })
  }
  return read
}

/** Where a listing goes on behind a key, or behind all keys under a common prefix. */
export const startAfterKey = (key: Buffer): Buffer => keyAfter(key)
/** Where a listing goes on behind all keys under a common prefix. */
export function startAfterPrefix(prefix: Buffer): Buffer {
  const end = prefixEnd(prefix)
  if (!end) throw new RangeError('a common prefix has keys that sort after it')
  return end
}

const TERMINATOR_BYTES = textPart('').length
/** As `textPart`, without the terminator: what the stored keys of all texts that begin with `text` begin with. */
export const escapedText = (text: string): Buffer => textPart(text).subarray(0, -TERMINATOR_BYTES)

/** Delimiters that the stored keys of versions and uploads could be mistaken to contain. Throws `UnsupportedDelimiter`. */
export function checkEscapedDelimiter(delimiter: string | undefined): void {
  if (delimiter?.includes('\u0000') || delimiter?.includes('\u0001'))
    throw new DomainError('UnsupportedDelimiter')
}
