import type { ServiceContext } from '../../service/context.ts'
import { bucketKey, objectsRange, partsRange, uploadsRange, versionsRange } from '../../service/keyspace.ts'
import { hasAllFields } from '../../base/record.ts'
import { keyAfter } from '../../base/key.ts'
import { decodeObject } from '../../service/records/object-codec.ts'
import { partCodec, uploadCodec } from '../../service/records/upload.ts'
import { bucketCodec, type BucketRecord } from '../../service/records/bucket.ts'
import { recordSum, SUMMED_BYTES } from '../../service/usage/record-sum.ts'
import {
  correctionOf,
  readRecordCounts,
  replacementOf,
  type CountedRecords,
  type RecordCounts,
} from '../../service/usage/usage.ts'
import type {
  Change,
  DamagedRecord,
  Entry,
  MetadataSnapshot,
  MetadataStore,
  Version,
} from '../../storage/metadata-store.ts'
import { entriesPastDamage } from './store-content.ts'

interface Range {
  readonly start: Buffer
  readonly end: Buffer
}

interface CountOptions {
  /** Told of each record that is damaged: it is counted, and adds no bytes and no sum. */
  readonly onDamaged?: (error: DamagedRecord) => void | Promise<void>
  /** Told how long the reading of some records took, and how much that was; what it waits for, the reading waits for. */
  readonly onRead?: (workMs: number, bytes: number) => Promise<void>
}

const PAGE_BYTES = 256 * 1024

/**
 * Compares the records of a bucket with its counters, as both were at one instant, whoever writes meanwhile. What is wrong, in words; null where nothing is. A
 * bucket whose counters have no sums of records yet gets them; so do counters that do not fit themselves, and those that a damaged record was removed from.
 */
export async function compareCounts(
  { metadata }: Pick<ServiceContext, 'metadata'>,
  { name, bucketId }: Pick<BucketRecord, 'name' | 'bucketId'>,
  options: CountOptions = {},
): Promise<string | null> {
  const snapshot = await metadata.snapshot()
  try {
    const stored = await readBucket(snapshot, name)
    if (stored?.record.bucketId !== bucketId) return null
    const counted = await readRecordCounts(snapshot, bucketId)
    const found = await countRecords(snapshot, bucketId, options)
    const fault = faultOf(stored.record, counted, found)
    await correct(metadata, stored, counted, found)
    return fault === null ? null : `bucket ${name}: ${fault}`
  } finally {
    await snapshot.close()
  }
}

interface StoredBucket {
  readonly record: BucketRecord
  readonly version: Version
}

/** The bucket of that name as the snapshot has it, if it has one. */
async function readBucket(snapshot: MetadataSnapshot, name: string): Promise<StoredBucket | null> {
  const start = bucketKey(name)
  const [entry] = await snapshot.scan({ start, end: keyAfter(start), limit: 1 })
  return entry ? { record: bucketCodec.decode(entry.value), version: entry.version } : null
}

interface FoundRecords extends Omit<RecordCounts, 'lostRecords'> {
  /** Records that say nothing any more; they are among the objects. */
  readonly damaged: number
}

/** What is wrong, in words. */
function faultOf(bucket: BucketRecord, counted: CountedRecords, found: FoundRecords): string | null {
  const says = `its counters say ${counted.objects} records of ${counted.sizeBytes} bytes, there are ${found.objects} of ${found.sizeBytes}`
  if (bucket.sumsRecords && !counted.fit)
    return `its counters do not fit themselves: they are damaged, or a server of an older release wrote to them (${says})`
  if (found.objects < counted.objects)
    return `${counted.objects - found.objects} records are missing, though no page that is left tells of damage: ${says}`
  if (found.objects > counted.objects)
    return `a row of its counters is missing, or of an earlier state: ${says}`
  if (found.damaged > 0) return `${found.damaged} records are damaged`
  if (counted.lostRecords > 0) return null
  if (found.sizeBytes !== counted.sizeBytes || (bucket.sumsRecords && found.recordSum !== counted.recordSum))
    return `there are as many records as were stored, and yet some of them, or its counters, are of an earlier state: ${says}`
  return null
}

/** Sets counters to what was found where they have no sums yet, where they are known not to be right, or where they are damaged. */
async function correct(
  metadata: MetadataStore,
  { record, version }: StoredBucket,
  counted: CountedRecords,
  { damaged, ...found }: FoundRecords,
): Promise<void> {
  if (damaged > 0) return
  const { bucketId, sumsRecords } = record
  const counts = { ...found, lostRecords: 0 }
  const isAsCounted = found.objects === counted.objects
  const isDamaged = sumsRecords === true && !counted.fit
  const isUnsummed = !sumsRecords && isAsCounted && found.sizeBytes === counted.sizeBytes
  const hasLost = counted.lostRecords > 0 && isAsCounted
  if (!isDamaged && !isUnsummed && !hasLost) return
  const {
    checks = [],
    sets = [],
    ...rest
  }: Change = isDamaged
    ? replacementOf(bucketId, counted, counts)
    : { adds: correctionOf(bucketId, counted, counts) }
  const key = bucketKey(record.name)
  // The bucket must be as the snapshot has it: of two that do this at once, and would add it twice, one wins.
  await metadata.commit({
    checks: [{ key, version }, ...checks],
    sets: [{ key, value: bucketCodec.encode({ ...record, sumsRecords: true }) }, ...sets],
    ...rest,
  })
}

async function countRecords(
  snapshot: MetadataSnapshot,
  bucketId: string,
  { onDamaged = () => undefined, onRead }: CountOptions,
): Promise<FoundRecords> {
  const found = { sizeBytes: 0, objects: 0, recordSum: 0, damaged: 0 }
  const noteDamaged = async (error: DamagedRecord): Promise<void> => {
    found.objects++
    found.damaged++
    await onDamaged(error)
  }
  const count = async (range: Range, sizeOf: (value: Buffer) => number): Promise<void> => {
    for await (const entry of heads(snapshot, range, noteDamaged, onRead)) {
      found.objects++
      found.recordSum += recordSum(entry.value)
      found.sizeBytes += sizeOf(entry.value)
    }
  }
  const sizeOfVersion = (value: Buffer): number => decodeObject(value).record.sizeBytes
  await count(objectsRange(bucketId), sizeOfVersion)
  await count(versionsRange(bucketId), sizeOfVersion)
  // An upload whose record is damaged does not tell which parts are its: they are missing from the count, as they are for its owner.
  for await (const upload of entriesPastDamage(snapshot, uploadsRange(bucketId), onDamaged)) {
    const { uploadId } = uploadCodec.decode(upload.value)
    await count(partsRange(uploadId), (value) => partCodec.decode(value).sizeBytes)
  }
  return found
}

/** The beginnings of records, whole fields in each. */
async function* heads(
  snapshot: MetadataSnapshot,
  range: Range,
  onDamaged: (error: DamagedRecord) => Promise<void>,
  onRead?: (workMs: number, bytes: number) => Promise<void>,
): AsyncGenerator<Entry> {
  const options = { pageBytes: PAGE_BYTES, valueBytesMax: SUMMED_BYTES }
  const entries = entriesPastDamage(snapshot, range, onDamaged, options)
  for (;;) {
    const startedAt = performance.now()
    const next = await entries.next()
    if (next.done) return
    const entry = next.value
    if (hasAllFields(entry.value)) yield entry
    else yield* entriesPastDamage(snapshot, { start: entry.key, end: keyAfter(entry.key) }, onDamaged)
    await onRead?.(performance.now() - startedAt, entry.value.length)
  }
}
