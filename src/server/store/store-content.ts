import { keyAfter } from '../../base/key.ts'
import type { BlobEntry, BlobStore } from '../../storage/blob-store.ts'
import {
  DamagedRecord,
  UnreadableRecord,
  type Entry,
  type Key,
  type MetadataStore,
} from '../../storage/metadata-store.ts'
import { damageOfUnreadable } from './unreadable-records.ts'

/** The two engines of a store. */
export interface StoreEngines {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
}

/** Every key of the key space begins with an ASCII character. */
export const ALL_KEYS = { start: Buffer.from([0x01]), end: Buffer.from([0x80]) }

const BLOBS_PER_PAGE = 1000
const ENTRIES_PER_PAGE_MAX = 1000
/** Values differ from a few bytes to megabytes; pages of entries are kept near this size, unless another one is given. */
const PAGE_BYTES = 4 * 1024 * 1024

interface PageOptions {
  readonly pageBytes?: number
  /** Cuts longer values to their first so many bytes. */
  readonly valueBytesMax?: number
}

/** All entries in a range in order of key, page by page. With `keysOnly` values are empty. */
export async function* entryPages(
  metadata: Pick<MetadataStore, 'scan'>,
  range: { readonly start: Key; readonly end: Key },
  options: PageOptions & { readonly keysOnly?: boolean } = {},
): AsyncGenerator<readonly Entry[]> {
  const { pageBytes = PAGE_BYTES, keysOnly = false, valueBytesMax } = options
  const cut = valueBytesMax === undefined ? {} : { valueBytesMax }
  let limit = keysOnly ? ENTRIES_PER_PAGE_MAX : 32
  for (let start = range.start; ;) {
    const entries = await metadata.scan({ start, end: range.end, limit, keysOnly, ...cut })
    const last = entries.at(-1)
    if (!last) return
    yield entries
    if (entries.length < limit) return
    start = keyAfter(last.key)
    const bytes = entries.reduce((sum, { value }) => sum + value.length, 1)
    const fitting = Math.floor((entries.length * pageBytes) / bytes)
    limit = Math.max(1, Math.min(ENTRIES_PER_PAGE_MAX, limit * 2, fitting))
  }
}

/** All entries in a range in order of key. */
export async function* allEntries(
  metadata: Pick<MetadataStore, 'scan'>,
  range: { readonly start: Key; readonly end: Key } = ALL_KEYS,
  options: PageOptions = {},
): AsyncGenerator<Entry> {
  for await (const page of entryPages(metadata, range, options)) yield* page
}

/**
 * All entries in a range in order of key, but those that are damaged: `onDamaged` is told of them, and of the end when what lies behind one cannot be
 * reached.
 */
export async function* entriesPastDamage(
  metadata: Pick<MetadataStore, 'scan'>,
  range: { readonly start: Key; readonly end: Key },
  onDamaged: (error: DamagedRecord) => void | Promise<void>,
  options: PageOptions = {},
): AsyncGenerator<Entry> {
  let { start } = range
  const next = { start, end: range.end }
  let behind = range.end
  for (;;) {
    try {
      for await (const entry of allEntries(metadata, next, options)) {
        start = keyAfter(entry.key)
        yield entry
      }
      if (next.end === range.end) return
      start = behind
      next.end = range.end
    } catch (cause) {
      const error =
        cause instanceof UnreadableRecord
          ? await damageOfUnreadable(metadata, { start, end: next.end }, cause)
          : cause
      if (!(error instanceof DamagedRecord)) throw error
      // One whose key is damaged may lie anywhere.
      const isInside = Buffer.compare(error.key, start) >= 0 && Buffer.compare(error.key, next.end) < 0
      await onDamaged(error)
      if (!isInside) return
      next.end = error.key
      behind = error.behind
    }
    next.start = start
  }
}

/** The entries in pages that one commit takes. */
export async function* pagesOf<E extends { readonly value: Buffer | null }>(
  entries: AsyncIterable<E>,
): AsyncGenerator<readonly E[]> {
  let page: E[] = []
  let bytes = 0
  for await (const entry of entries) {
    page.push(entry)
    bytes += entry.value?.length ?? 0
    if (page.length < ENTRIES_PER_PAGE_MAX && bytes < PAGE_BYTES) continue
    yield page
    page = []
    bytes = 0
  }
  if (page.length > 0) yield page
}

/** All blobs in order of id, page by page. */
export async function* blobPages(blobs: BlobStore): AsyncGenerator<readonly BlobEntry[]> {
  let after: string | undefined
  for (;;) {
    const page = await blobs.list({ limit: BLOBS_PER_PAGE, ...(after === undefined ? {} : { after }) })
    yield page
    if (page.length < BLOBS_PER_PAGE) return
    after = page.at(-1)?.id
  }
}

/** All blobs in order of id. */
export async function* allBlobs(blobs: BlobStore): AsyncGenerator<BlobEntry> {
  for await (const page of blobPages(blobs)) yield* page
}

/** Walks two ascending sequences side by side: what both have, and what one has alone. */
export async function* mergeAscending<L, R>(
  left: AsyncIterable<L>,
  right: AsyncIterable<R>,
  compare: (left: L, right: R) => number,
): AsyncGenerator<{ readonly left?: L; readonly right?: R }> {
  const [lefts, rights] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()]
  let [atLeft, atRight] = [await lefts.next(), await rights.next()]
  while (!atLeft.done || !atRight.done) {
    const order = atLeft.done ? 1 : atRight.done ? -1 : compare(atLeft.value, atRight.value)
    yield {
      ...(order <= 0 && !atLeft.done ? { left: atLeft.value } : {}),
      ...(order >= 0 && !atRight.done ? { right: atRight.value } : {}),
    }
    if (order <= 0) atLeft = await lefts.next()
    if (order >= 0) atRight = await rights.next()
  }
}

/** The order of ASCII texts, as blob ids are listed. */
export const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** Whether a record is still as it was read: what it named may have been removed with it. */
export async function isUnchanged(metadata: MetadataStore, { key, version }: Entry): Promise<boolean> {
  try {
    const [entry] = await metadata.getMany([key])
    return entry?.version === version
  } catch (error) {
    if (error instanceof DamagedRecord) return error.version === version
    if (error instanceof UnreadableRecord) return true
    throw error
  }
}
