import { FIELDS_BYTES, hasAllFields } from '../../base/record.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import type { Entry, MetadataStore, Version } from '../../storage/metadata-store.ts'
import { blobsOfObject } from '../bodies/object-blobs.ts'
import { getPastDamage, scanToDamage } from '../damage/past-damage.ts'
import { allObjectRowRanges, allPartsRange, blobReferenceKey } from '../keyspace.ts'
import { decodeObject } from '../records/object-codec.ts'
import { partCodec } from '../records/upload.ts'

const PAGE_SIZE = 500
/** Longer records are read to their end where they name blobs there. */
const BEGINNING = { valueBytesMax: 2_048, valueBytesEnough: FIELDS_BYTES }
/** References that one commit makes again. */
const REFERENCES_PER_COMMIT = 500

/** What names blobs that lack their references. */
export interface NamedBlobs {
  readonly blobIds: ReadonlySet<BlobId>
  /** Those that objects name: they were given their references again. */
  readonly mended: number
}

/**
 * Which of the blobs some version or part names all the same, for want of whose references they would be removed: a page of the metadata that a disk lost takes references
 * away, and their objects not. Those of versions are made again. Reads the records of all buckets, so it is asked only where something is to be removed.
 */
export async function findNamedBlobs(
  metadata: MetadataStore,
  blobIds: ReadonlySet<BlobId>,
  signal?: AbortSignal,
): Promise<NamedBlobs> {
  const named = new Set<BlobId>()
  let mended = 0
  for (const range of allObjectRowRanges())
    for await (const entry of entriesOf(metadata, range, signal)) {
      const ids = (await blobsNamedIn(metadata, entry)).filter((id) => blobIds.has(id))
      if (ids.length === 0) continue
      for (const id of ids) named.add(id)
      mended += await makeReferences(metadata, entry, ids)
    }
  // Parts of an upload that is over are removed, with its blobs: their references are left as they are.
  for await (const { value } of entriesOf(metadata, allPartsRange(), signal)) {
    const { blobId } = partCodec.decode(value)
    if (blobId !== undefined && blobIds.has(blobId)) named.add(blobId)
  }
  return { blobIds: named, mended }
}

/** The entries of a range with their beginnings, all fields in each. A damaged one is passed over: it does not tell what it names. */
async function* entriesOf(
  metadata: MetadataStore,
  { start: first, end }: { readonly start: Buffer; readonly end: Buffer },
  signal: AbortSignal | undefined,
): AsyncGenerator<Entry> {
  for (let start: Buffer | null = first; start;) {
    signal?.throwIfAborted()
    const range = { start, end, limit: PAGE_SIZE, ...BEGINNING }
    const page: Awaited<ReturnType<typeof scanToDamage>> = await scanToDamage(metadata, range)
    for (const entry of page.entries) {
      const whole = hasAllFields(entry.value) ? entry : await readWhole(metadata, entry)
      if (whole) yield whole
    }
    start = page.next
  }
}

async function readWhole(metadata: MetadataStore, { key }: Pick<Entry, 'key'>): Promise<Entry | null> {
  const [entry = null] = await getPastDamage(metadata, [key])
  return entry === 'damaged' ? null : entry
}

async function blobsNamedIn(metadata: MetadataStore, entry: Entry): Promise<BlobId[]> {
  const object = decodeObject(entry.value)
  if (object.record.body !== 'parts') return blobsOfObject(object)
  // The parts are told behind the fields.
  const whole = await readWhole(metadata, entry)
  return whole ? blobsOfObject(decodeObject(whole.value)) : []
}

/** Gives how many were made: none when the version was replaced or removed meanwhile. */
async function makeReferences(
  metadata: MetadataStore,
  { key, version }: { readonly key: Buffer; readonly version: Version },
  blobIds: readonly BlobId[],
): Promise<number> {
  let made = 0
  for (let at = 0; at < blobIds.length; at += REFERENCES_PER_COMMIT) {
    const keys = blobIds.slice(at, at + REFERENCES_PER_COMMIT).map(blobReferenceKey)
    const outcome = await metadata.commit({
      checks: [{ key, version }, ...keys.map((reference) => ({ key: reference, version: null }))],
      sets: keys.map((reference) => ({ key: reference, value: Buffer.alloc(0) })),
    })
    if (outcome === 'ok') made += keys.length
  }
  return made
}
