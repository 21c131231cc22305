import type { ServiceContext } from '../../service/context.ts'
import { storeKey } from '../../service/keyspace.ts'
import { recordCodec } from '../../service/records/codec.ts'
import type { MetadataStore, Version } from '../../storage/metadata-store.ts'

/** What a pass over the store read and found. */
export interface ScrubCounts {
  readonly records: number
  readonly blobs: number
  /** Of records and blobs together, as far as they were read from the engines. */
  readonly bytes: number
  /** Records and objects that are not as they were stored, and buckets whose counters tell that some are missing. */
  readonly damaged: number
}

/** A pass that is under way. */
export interface ScrubPass extends ScrubCounts {
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** The key of the last record that was read, with its blobs, in hexadecimal; empty: none yet. */
  readonly lastKey: string
  /** Blobs that were read of the record behind that one, and bytes of the blob behind those. */
  readonly blobsOfNext: number
  readonly offset: number
  /** All records were read; of the buckets, those up to this name were compared with their counters. */
  readonly comparedBucket?: string
}

/** A pass that read everything. */
export interface FinishedPass extends ScrubCounts {
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly finishedAt: number
}

/** How far the reading of the whole store got, and what the last full pass found. In the store itself: whichever process has the turn goes on. */
export interface ScrubRecord {
  readonly pass: ScrubPass | null
  readonly last: FinishedPass | null
  /** Somebody asked for a pass before its time. */
  readonly isWanted?: true
}

const scrubCodec = recordCodec<ScrubRecord>('scrub', 1)
const SCRUB_KEY = storeKey('scrub')

/** The record as it was read; `version` null: there was none. */
export interface StoredScrub {
  readonly record: ScrubRecord
  readonly version: Version | null
}

/** What is known of scrubs of this store. */
export async function readScrub({ metadata }: { readonly metadata: MetadataStore }): Promise<StoredScrub> {
  const [entry = null] = await metadata.getMany([SCRUB_KEY])
  if (!entry) return { record: { pass: null, last: null }, version: null }
  return { record: scrubCodec.decode(entry.value), version: entry.version }
}

/** Writes the record in the place of the one that was read; null when another process was faster. */
export async function writeScrub(
  context: Pick<ServiceContext, 'metadata'>,
  { version }: StoredScrub,
  record: ScrubRecord,
): Promise<StoredScrub | null> {
  const { metadata } = context
  const outcome = await metadata.commit({
    checks: [{ key: SCRUB_KEY, version }],
    sets: [{ key: SCRUB_KEY, value: scrubCodec.encode(record) }],
    usesReserve: true,
  })
  if (outcome !== 'ok') return null
  const [entry] = await metadata.getMany([SCRUB_KEY])
  return entry ? { record, version: entry.version } : null
}

/** Has the next server that looks begin a pass; what is to be known of scrubs then. One that is under way goes on as it is. */
export async function wantScrub(context: Pick<ServiceContext, 'metadata'>): Promise<ScrubRecord> {
  for (;;) {
    const stored = await readScrub(context)
    const { record } = stored
    if (record.pass || record.isWanted) return record
    const written = await writeScrub(context, stored, { ...record, isWanted: true })
    if (written) return written.record
  }
}
