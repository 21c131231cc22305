import { keyAfter } from '../../base/key.ts'
import { DamagedRecord, type Entry, type Key, type MetadataStore } from '../../storage/metadata-store.ts'

/** A page of entries that ends where the next record is damaged, if one is. */
export interface PageToDamage {
  readonly entries: readonly Entry[]
  /** The record that ended the page; it belongs to none. */
  readonly damaged: DamagedRecord | null
  /** Where the next page begins; null: nothing is left. */
  readonly next: Buffer | null
}

interface Range {
  readonly start: Key
  readonly end: Key
  readonly limit: number
  /** Cuts longer values to their first so many bytes. */
  readonly valueBytesMax?: number
  /** The store may end values that are long after so many. */
  readonly valueBytesEnough?: number
}

/** A page of a range in order of key, for work that must not stop at a damaged record: it comes beside the entries before it. */
export async function scanToDamage(
  metadata: Pick<MetadataStore, 'scan'>,
  range: Range,
): Promise<PageToDamage> {
  try {
    const entries = await metadata.scan(range)
    const last = entries.at(-1)
    return { entries, damaged: null, next: last && entries.length >= range.limit ? keyAfter(last.key) : null }
  } catch (error) {
    // One whose key itself is damaged may lie anywhere: what is behind it cannot be told.
    if (!(error instanceof DamagedRecord) || !lies(error.key, range)) throw error
    const { entries } = await scanToDamage(metadata, { ...range, end: error.key })
    return { entries, damaged: error, next: Buffer.from(error.behind) }
  }
}

const lies = (key: Key, { start, end }: Range): boolean =>
  Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0

/** The entries at these keys, in the order asked; `damaged` for a record that is there and cannot be read. */
export async function getPastDamage(
  metadata: Pick<MetadataStore, 'getMany'>,
  keys: readonly Key[],
): Promise<(Entry | null | 'damaged')[]> {
  try {
    return await metadata.getMany(keys)
  } catch (error) {
    if (!(error instanceof DamagedRecord)) throw error
  }
  const entries: (Entry | null | 'damaged')[] = []
  for (const key of keys) entries.push(await getOne(metadata, key))
  return entries
}

async function getOne(metadata: Pick<MetadataStore, 'getMany'>, key: Key): Promise<Entry | null | 'damaged'> {
  try {
    const [entry = null] = await metadata.getMany([key])
    return entry
  } catch (error) {
    if (error instanceof DamagedRecord) return 'damaged'
    throw error
  }
}
