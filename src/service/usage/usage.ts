import type { Change, Entry, Key, MetadataSnapshot, MetadataStore } from '../../storage/metadata-store.ts'
import { readCounters } from '../../storage/metadata-store.ts'
import { usageKey, usageRange } from '../keyspace.ts'

/** Rows over which the counters of one bucket are spread, so that no two writers need wait for the same row. */
const SHARDS = 16
const FIRST_SHARD = '0'

/** What a bucket holds: all versions and the parts of uploads count towards both. */
export interface Usage {
  readonly sizeBytes: number
  readonly objects: number
}

/** Usage with what tells whether the records that are there are those that were stored (docs/decisions/records-are-counted.md). */
export interface RecordCounts extends Usage {
  /** The `recordSum`s of all records of versions and parts, added up. */
  readonly recordSum: number
  /** Records that were removed though they were damaged: their bytes and sums are counted still. */
  readonly lostRecords: number
}

type Adds = NonNullable<Change['adds']>

/** The columns of a row; the last one is made of the others by {@link checkOf}, so that a row that a disk changed does not fit itself. */
const COLUMNS = 5
const checkOf = ([sizeBytes, objects, recordSum, lostRecords]: readonly [number, number, number, number]) =>
  3 * sizeBytes + 5 * objects + 7 * recordSum + 11 * lostRecords

/** The `adds` that count a change of a bucket in the commit that makes it; empty when nothing changes. */
export function usageDelta(
  bucketId: string,
  counts: Usage & Partial<RecordCounts>,
  shard = randomShard(),
): Adds {
  const { sizeBytes, objects, recordSum = 0, lostRecords = 0 } = counts
  const columns = [sizeBytes, objects, recordSum, lostRecords] as const
  if (columns.every((amount) => amount === 0)) return []
  return [{ key: usageKey(bucketId, shard), amounts: [...columns, checkOf(columns)] }]
}

/** What the bucket holds now: the sum of its rows, read at once. */
export async function readUsage(metadata: Pick<MetadataStore, 'scan'>, bucketId: string): Promise<Usage> {
  const rows = await metadata.scan({ ...usageRange(bucketId), limit: SHARDS })
  let [sizeBytes, objects] = [0, 0]
  for (const row of rows) {
    const [rowBytes = 0, rowObjects = 0] = readCounters(row, 2)
    sizeBytes += rowBytes
    objects += rowObjects
  }
  return { sizeBytes, objects }
}

/** The counters of a bucket as they were read. */
export interface CountedRecords extends RecordCounts {
  /** Every row fits itself. */
  readonly fit: boolean
  readonly rows: readonly Entry[]
}

/** The counters of a bucket as a snapshot has them. */
export async function readRecordCounts(
  snapshot: Pick<MetadataSnapshot, 'scan'>,
  bucketId: string,
): Promise<CountedRecords> {
  const rows = await snapshot.scan({ ...usageRange(bucketId), limit: SHARDS })
  const counts = { sizeBytes: 0, objects: 0, recordSum: 0, lostRecords: 0 }
  let fit = true
  for (const row of rows) {
    const [sizeBytes, objects, recordSum, lostRecords, check] = columnsOf(row)
    counts.sizeBytes += sizeBytes
    counts.objects += objects
    counts.recordSum += recordSum
    counts.lostRecords += lostRecords
    fit &&= check === checkOf([sizeBytes, objects, recordSum, lostRecords])
  }
  return { ...counts, fit, rows }
}

/** The `adds` that make counters those of `found`, and rows of older releases fit themselves; others may go on adding meanwhile. */
export function correctionOf(bucketId: string, counted: CountedRecords, found: RecordCounts): Adds {
  const rows = new Map<string, { key: Key; amounts: number[] }>()
  const add = (key: Key, amounts: readonly number[]): void => {
    const name = Buffer.from(key).toString('latin1')
    const row = rows.get(name) ?? { key, amounts: [0, 0, 0, 0, 0] }
    rows.set(name, row)
    for (const [column, amount] of amounts.entries())
      row.amounts[column] = (row.amounts[column] ?? 0) + amount
  }
  for (const row of counted.rows) {
    const [sizeBytes, objects, recordSum, lostRecords, check] = columnsOf(row)
    const off = checkOf([sizeBytes, objects, recordSum, lostRecords]) - check
    if (off !== 0) add(row.key, [0, 0, 0, 0, off])
  }
  const difference = {
    sizeBytes: found.sizeBytes - counted.sizeBytes,
    objects: found.objects - counted.objects,
    recordSum: found.recordSum - counted.recordSum,
    lostRecords: found.lostRecords - counted.lostRecords,
  }
  for (const { key, amounts } of usageDelta(bucketId, difference, FIRST_SHARD)) add(key, amounts)
  return [...rows.values()]
}

/** What puts one row with what was found in the place of all that were read; nobody may have added anything since. */
export function replacementOf(
  bucketId: string,
  { rows }: CountedRecords,
  { sizeBytes, objects, recordSum, lostRecords }: RecordCounts,
): Required<Pick<Change, 'checks' | 'sets' | 'deletes'>> {
  const columns = [sizeBytes, objects, recordSum, lostRecords] as const
  const value = Buffer.alloc(COLUMNS * 8)
  for (const [column, amount] of [...columns, checkOf(columns)].entries())
    value.writeBigInt64BE(BigInt(amount), column * 8)
  const first = usageKey(bucketId, FIRST_SHARD)
  return {
    checks: rows.map(({ key, version }) => ({ key, version })),
    sets: [{ key: first, value }],
    deletes: rows.map(({ key }) => key).filter((key) => !key.equals(first)),
  }
}

function columnsOf(row: Entry): readonly [number, number, number, number, number] {
  const [sizeBytes = 0, objects = 0, recordSum = 0, lostRecords = 0, check = 0] = readCounters(row, COLUMNS)
  return [sizeBytes, objects, recordSum, lostRecords, check]
}

/** One of {@link SHARDS} shard names, by chance. */
export const randomShard = (): string => Math.floor(Math.random() * SHARDS).toString(16)
